import { createHash, randomInt } from 'node:crypto';
import { isId, type UserId } from '~/platform/ids';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 32;
const SHAPE = /^cmk_([0-9a-f]{32})_[0-9A-Za-z]{32}$/;

/** Makes a new key: `cmk_`, the buyer's id (so that the key names its shard), and 190 random bits. */
export function newAccessKeyText(buyerId: UserId): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `cmk_${buyerId.slice('usr_'.length)}_${random}`;
}

/** The buyer whose id is in this key; null if the text is no key of ours. */
export function readKeyBuyer(text: string): UserId | null {
  const hex = SHAPE.exec(text)?.[1];
  const id = `usr_${hex}`;
  return isId('user', id) ? id : null;
}

/** The hash that is stored of a key. Its random part is too long to guess, so a plain hash is enough. */
export function hashAccessKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
