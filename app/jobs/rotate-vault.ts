import { rotateSecrets } from '~/modules/vault/index.server';
import { sweep } from './job';

/** Moves what an older key sealed to the newest one; nothing to do while VAULT_KEYS stays as it is. */
export const rotateVaultSweep = sweep('rotate-vault', 60 * 60, async (ctx) => {
  while ((await rotateSecrets(ctx)) > 0);
});
