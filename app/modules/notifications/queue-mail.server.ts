import { eq } from 'drizzle-orm';
import { mailOutbox, users } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { newId, type UserId } from '~/platform/ids';
import { enqueue } from '~/platform/jobs';
import { sendMailJob } from './jobs';
import { composeMail } from './mail-letter';

/** What the templates return (`composeMail`); a mail without `html` gets the plain form. */
export interface Mail {
  kind: string;
  subject: string;
  text: string;
  html?: string;
}

/** Writes a mail to the outbox in the caller's atomic block and queues its sending: it goes out if and only if the block commits. */
export async function queueMail(tx: Ctx, { to, kind, subject, text, html }: Mail & { to: string }): Promise<void> {
  invariant(tx.inAtomic, 'mail is queued in the atomic block of what it reports');
  const id = newId('mail', tx.now);
  await tx.db
    .insert(mailOutbox)
    .values({ id, recipient: to, kind, subject, text, html: html ?? plainForm(kind, subject, text), createdAt: tx.now });
  await enqueue(tx, sendMailJob, { mailId: id }, { key: `mail:${id}` });
}

function plainForm(kind: string, subject: string, text: string): string {
  return composeMail({
    kind,
    subject,
    title: subject,
    paragraphs: text.split('\n\n'),
    because: 'You get this mail because of your account at Credit Mart.',
  }).html;
}

/** Mails a user at the address of the account. */
export async function notifyUser(tx: Ctx, userId: UserId, mail: Mail): Promise<void> {
  const [user] = await tx.db.select({ email: users.email }).from(users).where(eq(users.id, userId));
  invariant(user, 'a notified user exists');
  await queueMail(tx, { ...mail, to: user.email });
}

/** Mails every admin who can sign in. */
export async function notifyAdmins(tx: Ctx, mail: Mail): Promise<void> {
  const admins = await tx.db
    .select({ email: users.email, suspendedAt: users.suspendedAt })
    .from(users)
    .where(eq(users.role, 'admin'))
    .limit(50);
  for (const admin of admins) if (!admin.suspendedAt) await queueMail(tx, { ...mail, to: admin.email });
}
