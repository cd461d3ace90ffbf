import { and, desc, eq, gte, ilike, like, lt, or, sql } from 'drizzle-orm';
import { auditLog } from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { likePattern } from '~/platform/like-pattern';
import { readBatches, toPage } from '~/platform/paging';
import type { AuditFilters } from './audit-filters';

const pageSize = 50;
const batchSize = 1_000;

export type AuditRow = typeof auditLog.$inferSelect;

/** The audit log, newest first, 50 per page; `before` is the last number of the previous page. */
export async function adminAudit(ctx: Ctx, { before, filters }: { before: number | null; filters: AuditFilters }) {
  requireAdmin(ctx);
  const rows = await recordsBefore(ctx, before, filters, pageSize + 1);
  const { rows: records, next } = toPage(rows, pageSize, seq);
  return { records, nextBefore: next };
}

/** All records of the filters, newest first, in batches, so that a file can be sent while it is read. */
export async function* adminAuditBatches(ctx: Ctx, filters: AuditFilters): AsyncGenerator<AuditRow[]> {
  requireAdmin(ctx);
  yield* readBatches({ size: batchSize, keyOf: seq }, (before, size) => recordsBefore(ctx, before, filters, size));
}

const seq = (row: AuditRow) => row.seq;

function recordsBefore(ctx: Ctx, before: number | null, filters: AuditFilters, limit: number) {
  return ctx.db
    .select()
    .from(auditLog)
    .where(and(before === null ? undefined : lt(auditLog.seq, before), conditions(filters)))
    .orderBy(desc(auditLog.seq))
    .limit(limit);
}

function conditions({ who, action, subject, from, until }: AuditFilters) {
  return and(
    who ? or(ilike(auditLog.actorName, likePattern(who)), eq(auditLog.actorId, who), eq(auditLog.actorKind, who)) : undefined,
    action ? eq(auditLog.action, action) : undefined,
    subject ? isSubject(subject) : undefined,
    from ? gte(auditLog.createdAt, from) : undefined,
    until ? lt(auditLog.createdAt, addDays(until, 1)) : undefined,
  );
}

/** A whole subject, or a short id as pages show it (`lst_3f09ac`). */
function isSubject(subject: string) {
  const [, prefix, end] = /^([a-z]{3})_([0-9a-f]{6})$/.exec(subject) ?? [];
  if (prefix === undefined) return eq(auditLog.subject, subject);
  return or(eq(auditLog.subject, subject), and(like(auditLog.subject, `${prefix}\\_%`), sql`right(${auditLog.subject}, 6) = ${end}`));
}
