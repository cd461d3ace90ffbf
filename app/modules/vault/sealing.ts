import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { VaultKeys } from './vault-keys';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** 96 random bits per secret: the nonce size of GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealed {
  ciphertext: string;
  keyId: string;
}

/** Builds the vault's keys. The first one encrypts and derives the fingerprint key, so a rotation renews both. */
export function vaultKeysFrom(list: readonly [{ id: string; key: Buffer }, ...{ id: string; key: Buffer }[]]): VaultKeys {
  const fingerprintKey = Buffer.from(hkdfSync('sha256', list[0].key, '', 'credit-mart vault fingerprint', KEY_BYTES));
  return { current: list[0].id, keys: new Map(list.map(({ id, key }) => [id, key])), fingerprintKey };
}

/** Encrypts under the current key. The text can be opened only for the same place. Returns base64 of nonce, tag and text. */
export function sealText(keys: VaultKeys, plaintext: string, boundTo: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, requireKey(keys, keys.current), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo, 'utf8'));
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return { ciphertext: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64'), keyId: keys.current };
}

/** Decrypts. @throws Error if the key is missing, the text was changed, or it belongs to another place. */
export function openText(keys: VaultKeys, sealed: Sealed, boundTo: string): string {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const decipher = createDecipheriv(ALGORITHM, requireKey(keys, sealed.keyId), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(boundTo, 'utf8'));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

/** Equal for equal secrets and useless without the key: finds duplicates without decrypting. */
export function computeFingerprint(keys: VaultKeys, plaintext: string): string {
  return createHmac('sha256', keys.fingerprintKey).update(plaintext, 'utf8').digest('hex');
}

function requireKey(keys: VaultKeys, id: string): Buffer {
  const key = keys.keys.get(id);
  if (!key || key.length !== KEY_BYTES) throw new Error(`The vault has no key named ${id}: add it to VAULT_KEYS.`);
  return key;
}
