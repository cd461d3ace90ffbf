import { closeGrant, findExpiredGrants, hideOldKeys } from '~/modules/metering/index.server';
import { addTransactionEvent, lockTransaction } from '~/modules/transactions/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { formatNano } from '~/platform/money';

/** Ends grants whose burn window is over. Runs under way still settle. Bounded per run. */
export async function endGrants(ctx: Ctx): Promise<void> {
  for (const transactionId of await findExpiredGrants(ctx, 200)) {
    await atomic(ctx, async (tx) => {
      await lockTransaction(tx, transactionId);
      const burn = await closeGrant(tx, { transactionId, as: 'ended' });
      const left = burn.returnedNano > 0n ? ` ${formatNano(burn.returnedNano)} was not burned and went unused.` : '';
      await addTransactionEvent(tx, transactionId, 'window_ended', `The burn window has ended.${left}`);
    });
  }
}

/** Deletes the plain texts of access keys after a day. */
export async function hideKeys(ctx: Ctx): Promise<void> {
  await hideOldKeys(ctx, 200);
}
