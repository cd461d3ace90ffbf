import { reinstateUser, suspendUser } from '~/modules/accounts/index.server';
import { revokeAllKeys } from '~/modules/metering/index.server';
import { notifyUser } from '~/modules/notifications/index.server';
import { reinstatedMail, suspendedMail } from '~/modules/notifications/mails/accounts';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';

/** `reason` is kept in the record; a suspended person is mailed exactly it. */
export interface Suspension {
  userId: UserId;
  reason: string;
}

/**
 * An admin shuts a person out: every sign-in session ends and every access key stops, so that nothing can be done in the person's name.
 * Money and lots stay where they are: they are decided on their own, and a ban takes nothing from anybody.
 * @throws DomainError 404 for anyone but an admin, 422 on the own account, 409 when it is so already.
 */
export async function suspendPerson(ctx: Ctx, { userId, reason }: Suspension): Promise<void> {
  await atomic(ctx, async (tx) => {
    await revokeAllKeys(tx, userId);
    await suspendUser(tx, { userId, reason });
    await notifyUser(tx, userId, suspendedMail({ reason }));
  });
}

/** An admin lets a suspended person in again. Stopped keys stay stopped; new ones are made in the wallet. */
export async function reinstatePerson(ctx: Ctx, { userId, reason }: Suspension): Promise<void> {
  await atomic(ctx, async (tx) => {
    await reinstateUser(tx, { userId, reason });
    await notifyUser(tx, userId, reinstatedMail({ signInUrl: `${tx.config.publicUrl}${paths.signIn()}` }));
  });
}
