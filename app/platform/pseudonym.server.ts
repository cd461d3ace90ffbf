import { createHash } from 'node:crypto';
import type { UserId } from './ids';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The pseudonym a seller reads for a buyer: "Buyer 7KQ2M9". It is constant per pair of buyer and seller, and differs between sellers, so
 * that two sellers cannot recognize the same buyer. Ids are too random to be guessed.
 */
export function buyerNameFor(sellerId: UserId, buyerId: UserId): string {
  const digest = createHash('sha256').update(`${sellerId} meets ${buyerId}`).digest();
  return `Buyer ${[...digest.subarray(0, 6)].map((byte) => letters[byte % letters.length]).join('')}`;
}
