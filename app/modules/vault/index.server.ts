export { rotateSecrets, secretsByKey, type Rotation } from './rotate-secrets.server';
export { destroySecret, fingerprint, openRecentSecret, openSecret, seal } from './secret-store.server';
export type { VaultKeys } from './vault-keys';
export { vaultKeysFrom } from './sealing';
