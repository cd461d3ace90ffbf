import { lotTokens } from '~/modules/metering/index.server';
import { currentPrices, refreshVersions } from '~/modules/pricing/index.server';
import { openSecret } from '~/modules/vault/index.server';
import type { Ctx } from '~/platform/context';

/** Fills the version table of every priced model from the provider's public lists, with the token of any open grant's lot. */
export async function refreshAllVersions(ctx: Ctx): Promise<void> {
  const [lot] = await lotTokens(ctx, null, 1);
  if (!lot) return;
  const token = await openSecret(ctx, { secretId: lot.secretId, boundTo: `listings/${lot.listingId}` });
  for (const price of await currentPrices(ctx)) await refreshVersions(ctx, price, token);
}
