import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { computeFingerprint, openText, sealText, vaultKeysFrom } from './sealing';

const first = { id: 'k1', key: randomBytes(32) };
const second = { id: 'k2', key: randomBytes(32) };
const keys = vaultKeysFrom([first]);
const text = `r8_${'a'.repeat(37)}`;

describe('sealing', () => {
  it('returns the plaintext, and never makes the same ciphertext twice', () => {
    const once = sealText(keys, text, 'listings/lst_1');
    expect(openText(keys, once, 'listings/lst_1')).toBe(text);
    expect(sealText(keys, text, 'listings/lst_1').ciphertext).not.toBe(once.ciphertext);
    expect(Buffer.from(once.ciphertext, 'base64').includes(text)).toBe(false);
  });

  it('opens only for its own place', () => {
    const sealed = sealText(keys, text, 'listings/lst_1');
    expect(() => openText(keys, sealed, 'listings/lst_2')).toThrow();
  });

  it('detects one changed bit', () => {
    const sealed = sealText(keys, text, 'listings/lst_1');
    const bytes = Buffer.from(sealed.ciphertext, 'base64');
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    expect(() => openText(keys, { ...sealed, ciphertext: bytes.toString('base64') }, 'listings/lst_1')).toThrow();
  });

  it('encrypts with the newest key and still decrypts with older ones', () => {
    const old = sealText(keys, text, 'listings/lst_1');
    const rotated = vaultKeysFrom([second, first]);
    expect(sealText(rotated, text, 'listings/lst_1').keyId).toBe('k2');
    expect(openText(rotated, old, 'listings/lst_1')).toBe(text);
    expect(() => openText(vaultKeysFrom([second]), old, 'listings/lst_1')).toThrow('no key named k1');
  });

  it('gives equal texts equal fingerprints under one key, and others under another', () => {
    expect(computeFingerprint(vaultKeysFrom([first, second]), text)).toBe(computeFingerprint(keys, text));
    expect(computeFingerprint(keys, `${text}b`)).not.toBe(computeFingerprint(keys, text));
    expect(computeFingerprint(vaultKeysFrom([second, first]), text)).not.toBe(computeFingerprint(keys, text));
  });
});
