export { destroySecret, fingerprint, openSecret, rotateSecrets, seal } from './secrets.server';
export type { VaultKeys } from './vault-keys';
export { vaultKeysFrom } from './sealing';
