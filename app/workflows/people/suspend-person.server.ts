import { reinstateUser, suspendUser } from '~/modules/accounts/index.server';
import { revokeAllKeys } from '~/modules/metering/index.server';
import { notifyUser } from '~/modules/notifications/index.server';
import { reinstatedMail, suspendedMail } from '~/modules/notifications/mails/accounts';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';

/** `reason` is recorded, and a suspended person is mailed this text. */
export interface Suspension {
  userId: UserId;
  reason: string;
}

/**
 * An admin suspends a person: every sign-in session ends and every access key stops working. Money and lots stay as they are.
 * @throws DomainError 404 for anyone but an admin, 422 on the own account, 409 when suspended already.
 */
export async function suspendPerson(ctx: Ctx, { userId, reason }: Suspension): Promise<void> {
  await atomic(ctx, async (tx) => {
    await revokeAllKeys(tx, userId);
    await suspendUser(tx, { userId, reason });
    await notifyUser(tx, userId, suspendedMail({ reason }));
  });
}

/** An admin reinstates a suspended person. Revoked keys stay revoked; the wallet makes new ones. */
export async function reinstatePerson(ctx: Ctx, { userId, reason }: Suspension): Promise<void> {
  await atomic(ctx, async (tx) => {
    await reinstateUser(tx, { userId, reason });
    await notifyUser(tx, userId, reinstatedMail({ signInUrl: `${tx.config.publicUrl}${paths.signIn()}` }));
  });
}
