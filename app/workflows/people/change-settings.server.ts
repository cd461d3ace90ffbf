import type { z } from 'zod';
import { changeSettings as changeNames, lockSellerProfile } from '~/modules/accounts/index.server';
import type { SettingsForm } from '~/modules/accounts/account-rules';
import { copySellerFacts } from '~/modules/listings/index.server';
import { atomic, requireUser, type Ctx } from '~/platform/context';

/** Changes a person's name and public seller name, also on existing listings. */
export async function changeSettings(ctx: Ctx, input: z.input<typeof SettingsForm>): Promise<void> {
  const userId = requireUser(ctx);
  await atomic(ctx, async (tx) => {
    await lockSellerProfile(tx, userId);
    await changeNames(tx, input);
    await copySellerFacts(tx, [userId]);
  });
}
