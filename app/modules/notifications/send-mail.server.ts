import { and, eq, inArray, isNull } from 'drizzle-orm';
import { mailOutbox } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { Id } from '~/platform/ids';

type OutboxMail = typeof mailOutbox.$inferSelect;

/** Sends mails of the outbox, each once. A failure is recorded and thrown after the others are sent, so that the job retries it. */
export async function sendMail(ctx: Ctx, { mailIds }: { mailIds: Id<'mail'>[] }): Promise<void> {
  const waiting = await ctx.db
    .select()
    .from(mailOutbox)
    .where(and(inArray(mailOutbox.id, mailIds), isNull(mailOutbox.sentAt)));
  const sent: Id<'mail'>[] = [];
  let failure: { error: unknown } | null = null;
  for (const mail of waiting) {
    try {
      await ctx.ports.mail.send({ to: mail.recipient, subject: mail.subject, text: mail.text, html: mail.html });
      sent.push(mail.id);
    } catch (error) {
      failure = { error };
      await noteFailure(ctx, mail, error);
    }
  }
  if (sent.length > 0) await noteSent(ctx, sent);
  if (failure) throw failure.error;
}

async function noteFailure(ctx: Ctx, { id }: OutboxMail, error: unknown): Promise<void> {
  await ctx.db
    .update(mailOutbox)
    .set({ failure: error instanceof Error ? error.message.slice(0, 300) : 'unknown' })
    .where(and(eq(mailOutbox.id, id), isNull(mailOutbox.sentAt)));
}

async function noteSent(ctx: Ctx, ids: Id<'mail'>[]): Promise<void> {
  // Mails hold links that open accounts, so production deletes the text once it is sent.
  const words = ctx.config.mode === 'production' ? { text: '', html: '' } : {};
  await ctx.db
    .update(mailOutbox)
    .set({ sentAt: ctx.now, failure: null, ...words })
    .where(and(inArray(mailOutbox.id, ids), isNull(mailOutbox.sentAt)));
}
