import { and, eq, isNull } from 'drizzle-orm';
import { mailOutbox } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { Id } from '~/platform/ids';

/** Sends one mail of the outbox, once; a failure is noted and thrown, so that the job tries again. */
export async function sendMail(ctx: Ctx, { mailId }: { mailId: Id<'mail'> }): Promise<void> {
  const waiting = and(eq(mailOutbox.id, mailId), isNull(mailOutbox.sentAt));
  const [mail] = await ctx.db.select().from(mailOutbox).where(waiting);
  if (!mail) return;
  try {
    await ctx.ports.mail.send({ to: mail.recipient, subject: mail.subject, text: mail.text, html: mail.html });
  } catch (error) {
    await ctx.db
      .update(mailOutbox)
      .set({ failure: error instanceof Error ? error.message.slice(0, 300) : 'unknown' })
      .where(waiting);
    throw error;
  }
  // A link in it opens an account: where mail really goes out, nobody who reads the table later finds one.
  const words = ctx.config.mode === 'production' ? { text: '', html: '' } : {};
  await ctx.db
    .update(mailOutbox)
    .set({ sentAt: ctx.now, failure: null, ...words })
    .where(waiting);
}
