import { and, desc, eq, lt } from 'drizzle-orm';
import { auditLog } from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';

const pageSize = 50;

/** The audit log, newest first, 50 to a page; `before` is the last number of the page before, `subject` narrows it to one thing. */
export async function adminAudit(ctx: Ctx, { before, subject }: { before: number | null; subject: string | null }) {
  requireAdmin(ctx);
  const rows = await ctx.db
    .select()
    .from(auditLog)
    .where(and(before === null ? undefined : lt(auditLog.seq, before), subject ? eq(auditLog.subject, subject) : undefined))
    .orderBy(desc(auditLog.seq))
    .limit(pageSize + 1);
  const page = rows.slice(0, pageSize);
  return { records: page, nextBefore: rows.length > pageSize ? (page.at(-1)?.seq ?? null) : null };
}
