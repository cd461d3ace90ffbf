/** The vault's keys, read at process start. `current` encrypts; all `keys` decrypt. */
export interface VaultKeys {
  current: string;
  keys: ReadonlyMap<string, Buffer>;
  /** A key of its own, so that fingerprints reveal nothing about an encryption key. */
  fingerprintKey: Buffer;
}

declare module '~/platform/context' {
  interface Ports {
    vaultKeys: VaultKeys;
  }
}
