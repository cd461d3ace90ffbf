import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { sellerProfiles } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { atomic, requireUser, type Ctx } from '~/platform/context';
import { SettingsForm } from './account-rules';
import { updateUser } from './account-store.server';
import { lockSellerProfile } from './seller-profiles.server';

/** Changes a person's name and public seller name; the workflow of the same name copies it onto listings. */
export async function changeSettings(ctx: Ctx, input: z.input<typeof SettingsForm>): Promise<void> {
  const { name, publicName } = SettingsForm.parse(input);
  const userId = requireUser(ctx);
  await atomic(ctx, async (tx) => {
    await updateUser(tx, userId, { name });
    await lockSellerProfile(tx, userId);
    await tx.db.update(sellerProfiles).set({ publicName }).where(eq(sellerProfiles.userId, userId));
    await recordAudit(tx, 'user.settings_changed', userId);
  });
}
