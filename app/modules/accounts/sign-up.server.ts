import type { z } from 'zod';
import { addressKnownMail, verifyMail } from '~/modules/notifications/mails/accounts';
import { queueMail } from '~/modules/notifications/index.server';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import { newId } from '~/platform/ids';
import { SignUpForm } from './account-rules';
import { ownPath } from './account-words';
import { findUserByEmail, insertUser, lockAddress, savePasswordHash, updateUser, type User } from './account-store.server';
import { limitSignUp } from './attempt-limits.server';
import type { Client } from './client';
import { issueLink } from './mail-links.server';
import { hashPassword } from './passwords.server';
import { endAllSignIns } from './sign-in-session.server';
import { recordTermsAcceptance } from './terms-acceptances.server';

/**
 * Signs up. Only the mail tells whether the address has an account: the response and its time are the same. Until the address is verified
 * a sign-up can be repeated; the last one counts, and links and sessions of earlier ones end, so that nobody stays signed in to an account
 * that another person verifies.
 * `next`: the page to open after verification.
 */
export async function signUp(ctx: Ctx, input: z.input<typeof SignUpForm> & { next?: string | undefined }, from: Client): Promise<void> {
  const form = SignUpForm.parse(input);
  await limitSignUp(ctx, form.email, from);
  const hash = await hashPassword(ctx, form.password);
  await atomic(ctx, async (tx) => {
    await lockAddress(tx, form.email);
    const known = await findUserByEmail(tx, form.email);
    if (known?.verifiedAt) return mailThatItIsKnown(tx, known);
    await saveUnverified(tx, known, { ...form, hash }, from, ownPath(input.next, ''));
  });
}

/** Mails that the address has an account already. */
export async function mailThatItIsKnown(tx: Ctx, { email }: User): Promise<void> {
  const { publicUrl } = tx.config;
  await queueMail(tx, {
    to: email,
    ...addressKnownMail({ signInUrl: `${publicUrl}${paths.signIn()}`, resetUrl: `${publicUrl}${paths.reset()}` }),
  });
}

async function saveUnverified(
  tx: Ctx,
  known: User | null,
  form: { name: string; email: string; hash: string },
  from: Client,
  next: string,
): Promise<void> {
  const { name, email } = form;
  const userId = known?.id ?? newId('user', tx.now);
  if (known) {
    await updateUser(tx, userId, { name });
    await endAllSignIns(tx, userId);
  } else {
    await insertUser(tx, { id: userId, email, name });
  }
  await savePasswordHash(tx, userId, form.hash);
  await recordTermsAcceptance(tx, userId, 'sign_up');
  await mailVerifyLink(tx, { id: userId, email, name }, from, next);
}

/** Mails a new verification link and voids earlier ones. `next`: the page to open afterwards, or ''. */
export async function mailVerifyLink(tx: Ctx, user: Pick<User, 'id' | 'email' | 'name'>, from: Client, next: string): Promise<void> {
  const { id: userId, email, name } = user;
  const token = await issueLink(tx, { purpose: 'verify', userId, email, browser: from.browser });
  await queueMail(tx, { to: email, ...verifyMail({ name, url: `${tx.config.publicUrl}${paths.verify({ token, next })}` }) });
}
