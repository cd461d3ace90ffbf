/** The keys of the vault, read once at the start of a process. `current` seals; every key in `keys` still opens what it sealed. */
export interface VaultKeys {
  current: string;
  keys: ReadonlyMap<string, Buffer>;
  /** Of its own, so that a fingerprint says nothing about a sealing key. */
  fingerprintKey: Buffer;
}

declare module '~/platform/context' {
  interface Ports {
    vaultKeys: VaultKeys;
  }
}
