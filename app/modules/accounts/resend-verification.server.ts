import { noAccountMail } from '~/modules/notifications/mails/accounts';
import { queueMail } from '~/modules/notifications/index.server';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import { Email } from './account-rules';
import { findUserByEmail, lockAddress } from './account-store.server';
import { ownPath } from './account-words';
import { limitSignUp } from './attempt-limits.server';
import type { Client } from './client';
import { mailThatItIsKnown, mailVerifyLink } from './sign-up.server';

/**
 * Mails a new verification link and voids the earlier one. `next` is the page to open afterwards. A verified or unknown address gets a
 * mail that says so, so the form's response does not reveal which addresses have accounts. @throws DomainError 429, 503.
 */
export async function resendVerification(ctx: Ctx, input: { email: string; next?: string | undefined }, from: Client): Promise<void> {
  const email = Email.parse(input.email);
  await limitSignUp(ctx, email, from);
  await atomic(ctx, async (tx) => {
    await lockAddress(tx, email);
    const known = await findUserByEmail(tx, email);
    if (known?.verifiedAt) return mailThatItIsKnown(tx, known);
    if (known) return mailVerifyLink(tx, known, from, ownPath(input.next, ''));
    await queueMail(tx, { to: email, ...noAccountMail({ url: `${tx.config.publicUrl}${paths.signUp()}` }) });
  });
}
