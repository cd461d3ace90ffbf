import type { z } from 'zod';
import { changeSettings as changeNames, lockSellerProfile } from '~/modules/accounts/index.server';
import type { SettingsForm } from '~/modules/accounts/account-rules';
import { copySellerFacts } from '~/modules/listings/index.server';
import { atomic, requireUser, type Ctx } from '~/platform/context';

/** A person's own name, and the one that buyers see: also on the listings that are there already. */
export async function changeSettings(ctx: Ctx, input: z.input<typeof SettingsForm>): Promise<void> {
  const userId = requireUser(ctx);
  await atomic(ctx, async (tx) => {
    await lockSellerProfile(tx, userId);
    await changeNames(tx, input);
    await copySellerFacts(tx, [userId]);
  });
}
