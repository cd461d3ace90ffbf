import { and, desc, eq } from 'drizzle-orm';
import { mailOutbox } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId, type Id } from '~/platform/ids';

const fields = {
  id: mailOutbox.id,
  to: mailOutbox.recipient,
  kind: mailOutbox.kind,
  subject: mailOutbox.subject,
  text: mailOutbox.text,
  createdAt: mailOutbox.createdAt,
};

export type OutboxMail = { id: Id<'mail'>; to: string; kind: string; subject: string; text: string; createdAt: Date };

/** The HTML of one mail; null when there is none, and in production. */
export async function outboxMailHtml(ctx: Ctx, id: string): Promise<string | null> {
  if (ctx.config.mode === 'production' || !isId('mail', id)) return null;
  const [mail] = await ctx.db.select({ html: mailOutbox.html }).from(mailOutbox).where(eq(mailOutbox.id, id));
  return mail?.html ?? null;
}

/** The newest mails, for the demo's outbox page. @throws DomainError 404 in production. */
export async function outboxPage(ctx: Ctx, { to, id }: { to?: string | undefined; id?: string | undefined }): Promise<OutboxMail[]> {
  if (ctx.config.mode === 'production') throw notFound();
  if (id !== undefined && !isId('mail', id)) throw notFound('mail');
  return ctx.db
    .select(fields)
    .from(mailOutbox)
    .where(and(to ? eq(mailOutbox.recipient, to) : undefined, id ? eq(mailOutbox.id, id) : undefined))
    .orderBy(desc(mailOutbox.createdAt), desc(mailOutbox.id))
    .limit(30);
}
