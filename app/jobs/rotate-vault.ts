import { rotateSecrets } from '~/modules/vault/index.server';
import { sweep } from './job';

/** Moves what an older key sealed to the newest one; nothing to do while VAULT_KEYS stays as it is. Bounded: the next turn goes on. */
export const rotateVaultSweep = sweep('rotate-vault', 60 * 60, async (ctx) => {
  await rotateSecrets(ctx, { onBatch: ({ sealed }) => sealed < 20_000 });
});
