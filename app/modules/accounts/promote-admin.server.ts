import type { z } from 'zod';
import { recordAudit } from '~/modules/audit/index.server';
import { invitationMail, promotedMail } from '~/modules/notifications/mails/accounts';
import { queueMail } from '~/modules/notifications/index.server';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import { DomainError, notFound } from '~/platform/errors';
import { newId, type UserId } from '~/platform/ids';
import { Email, InvitationForm } from './account-rules';
import { findUserByEmail, insertUser, lockAddress, savePasswordHash, updateUser } from './account-store.server';
import { findLink, issueLink, linkGone, useLink } from './mail-links.server';
import { hashPassword } from './passwords.server';
import { endAllSignIns } from './sign-in-session.server';
import { recordTermsAcceptance } from './terms-acceptances.server';

/**
 * The operator makes somebody an admin from a terminal: a verified user at once, others by a mailed invitation. No page can do this.
 */
export async function promoteAdmin(ctx: Ctx, input: { email: string }): Promise<'promoted' | 'already' | 'invited'> {
  const email = Email.parse(input.email);
  if (ctx.actor.kind !== 'system') throw notFound();
  return atomic(ctx, async (tx) => {
    await lockAddress(tx, email);
    const user = await findUserByEmail(tx, email);
    if (user?.suspendedAt) throw new DomainError('suspended', 'This account is suspended: reinstate it first.', 409);
    if (!user?.verifiedAt) return invite(tx, email, user?.id ?? null);
    if (user.role === 'admin') return 'already';
    await updateUser(tx, user.id, { role: 'admin' });
    await queueMail(tx, { to: email, ...promotedMail({ url: `${tx.config.publicUrl}${paths.admin.queue()}` }) });
    await recordAudit(tx, 'user.promoted', user.id, { role: 'admin' });
    return 'promoted';
  });
}

async function invite(tx: Ctx, email: string, userId: UserId | null): Promise<'invited'> {
  const token = await issueLink(tx, { purpose: 'invite', userId, email, browser: null });
  await queueMail(tx, { to: email, ...invitationMail({ url: `${tx.config.publicUrl}${paths.verify({ token })}` }) });
  await recordAudit(tx, 'user.invited', email, { role: 'admin' });
  return 'invited';
}

/** The invited person chooses a name and password and becomes a verified admin. Earlier sessions of the address end. */
export async function acceptInvitation(ctx: Ctx, input: z.input<typeof InvitationForm>): Promise<UserId> {
  const { token, name, password } = InvitationForm.parse(input);
  const link = await findLink(ctx, token);
  if (link?.purpose !== 'invite') throw linkGone();
  const hash = await hashPassword(ctx, password);
  return atomic(ctx, async (tx) => {
    await lockAddress(tx, link.email);
    await useLink(tx, token, 'invite');
    const userId = await saveAdmin(tx, link.email, name);
    await savePasswordHash(tx, userId, hash);
    await recordTermsAcceptance(tx, userId, 'sign_up');
    await recordAudit(tx, 'user.promoted', userId, { role: 'admin', by: 'invitation' });
    return userId;
  });
}

async function saveAdmin(tx: Ctx, email: string, name: string): Promise<UserId> {
  const known = await findUserByEmail(tx, email);
  if (known?.suspendedAt) throw linkGone();
  const userId = known?.id ?? newId('user', tx.now);
  if (known) {
    await updateUser(tx, userId, { name, role: 'admin', verifiedAt: known.verifiedAt ?? tx.now });
    await endAllSignIns(tx, userId);
  } else {
    await insertUser(tx, { id: userId, email, name, role: 'admin', verifiedAt: tx.now });
  }
  return userId;
}
