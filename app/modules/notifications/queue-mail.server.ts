import { sql } from 'drizzle-orm';
import { mailOutbox } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { idToUuid, newId, type Id, type UserId } from '~/platform/ids';
import { addJob, enqueue } from '~/platform/jobs';
import { sendMailJob } from './jobs';
import type { ComposedMail } from './mail-letter';

/** Writes a mail to the outbox in the caller's atomic block and queues its sending: it goes out if and only if the block commits. */
export async function queueMail(tx: Ctx, { to, kind, subject, write }: ComposedMail & { to: string }): Promise<void> {
  invariant(tx.inAtomic, 'mail is queued in the atomic block of what it reports');
  const id = newId('mail', tx.now);
  await tx.db.insert(mailOutbox).values({ id, recipient: to, kind, subject, ...write(tx.config.contactEmail), createdAt: tx.now });
  await enqueue(tx, sendMailJob, { mailIds: [id] }, mailJobKey(id));
}

const mailJobKey = (id: Id<'mail'>) => ({ key: `mail:${id}`, keyIsNew: true });

/** Mails a user at the address of the account. */
export async function notifyUser(tx: Ctx, userId: UserId, mail: ComposedMail): Promise<void> {
  await notifyUsers(tx, [{ ...mail, userId }]);
}

/** Mails several people about one event. One statement reads addresses, writes the outbox and adds the job. */
export async function notifyUsers(
  tx: Ctx,
  mails: [ComposedMail & { userId: UserId }, ...(ComposedMail & { userId: UserId })[]],
): Promise<void> {
  invariant(tx.inAtomic, 'mail is queued in the atomic block of what it reports');
  const ids = mails.map(() => newId('mail', tx.now));
  const [first] = ids;
  invariant(first, 'an occasion has a mail');
  const rows = mails.map(({ userId, kind, subject, write }, index) => {
    return {
      id: idToUuid(ids[index] ?? first),
      user_id: idToUuid(userId),
      kind,
      subject,
      ...write(tx.config.contactEmail),
    };
  });
  const [queued] = await tx.db.execute<{ written: number }>(sql`
    with written as (
      insert into mail_outbox (id, recipient, kind, subject, text, html, created_at)
      select m.id, u.email, m.kind, m.subject, m.text, m.html, ${tx.now.toISOString()}::timestamptz
      from json_to_recordset(${JSON.stringify(rows)}::json) as m (id uuid, user_id uuid, kind text, subject text, text text, html text)
      join users u on u.id = m.user_id returning id
    )
    select (select count(*)::int from written) as written from ${addJob(sendMailJob, { mailIds: ids }, mailJobKey(first))}`);
  invariant(queued?.written === mails.length, 'a notified user exists');
}
