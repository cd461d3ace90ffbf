import type { z } from 'zod';
import { recordAudit } from '~/modules/audit/index.server';
import { noAccountMail, passwordChangedMail, resetMail } from '~/modules/notifications/mails/accounts';
import { queueMail } from '~/modules/notifications/index.server';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { UserId } from '~/platform/ids';
import { NewPasswordForm, ResetRequestForm } from './account-rules';
import { findUser, findUserByEmail, lockAddress, savePasswordHash, updateUser } from './account-store.server';
import { limitReset } from './attempt-limits.server';
import type { Client } from './client';
import { forgetOtherBrowsers, rememberBrowser } from './known-browsers.server';
import { findLink, issueLink, linkGone, useLink, voidLinks } from './mail-links.server';
import { hashPassword } from './passwords.server';
import { endAllSignIns } from './sign-in-session.server';

/**
 * Mails a link to choose a new password, or a note that no account has this address; the form's response is the same. Earlier links stay
 * valid, so that a stranger's request cannot void the owner's. @throws DomainError 429, 503.
 */
export async function requestReset(ctx: Ctx, input: z.input<typeof ResetRequestForm>, from: Client): Promise<void> {
  const { email } = ResetRequestForm.parse(input);
  if (!(await limitReset(ctx, email, from))) return;
  const { publicUrl } = ctx.config;
  await atomic(ctx, async (tx) => {
    await lockAddress(tx, email);
    const user = await findUserByEmail(tx, email);
    const token = await issueLink(tx, { purpose: 'reset', userId: user?.id ?? null, email, browser: from.browser });
    const mail = user
      ? resetMail({ url: `${publicUrl}${paths.reset({ token })}` })
      : noAccountMail({ url: `${publicUrl}${paths.signUp()}` });
    await queueMail(tx, { to: email, ...mail });
  });
}

/**
 * Sets a new password by a mailed link, and ends every sign-in session and other link. Opening the link proves access to the mailbox, so
 * it also verifies the address and makes the browser known.
 * @throws DomainError 410 for a link that is gone.
 */
export async function resetPassword(ctx: Ctx, input: z.input<typeof NewPasswordForm>, from: Pick<Client, 'browser'>): Promise<void> {
  const { token, password } = NewPasswordForm.parse(input);
  const link = await findLink(ctx, token);
  if (link?.purpose !== 'reset' || !link.userId) throw linkGone();
  const hash = await hashPassword(ctx, password);
  await atomic(ctx, async (tx) => {
    const { userId } = await useLink(tx, token, 'reset');
    invariant(userId, 'a usable reset link belongs to a user');
    await replacePassword(tx, userId, hash);
    await forgetOtherBrowsers(tx, userId, from);
    await rememberBrowser(tx, userId, from);
  });
}

async function replacePassword(tx: Ctx, userId: UserId, hash: string): Promise<void> {
  const user = await findUser(tx, userId);
  invariant(user, 'the user of a reset link exists');
  await savePasswordHash(tx, userId, hash);
  if (!user.verifiedAt) await updateUser(tx, userId, { verifiedAt: tx.now });
  await voidLinks(tx, user.email, 'verify');
  await voidLinks(tx, user.email, 'reset');
  await endAllSignIns(tx, userId);
  await queueMail(tx, { to: user.email, ...passwordChangedMail({ resetUrl: `${tx.config.publicUrl}${paths.reset()}` }) });
  await recordAudit(tx, 'user.password_reset', userId);
}
