import { rotateSecrets } from '~/modules/vault/index.server';
import { sweep } from './job';

/** Seals secrets of older keys with the newest key. Bounded per run; the next run continues. */
export const rotateVaultSweep = sweep('rotate-vault', 60 * 60, async (ctx) => {
  await rotateSecrets(ctx, { onBatch: ({ sealed }) => sealed < 20_000 });
});
