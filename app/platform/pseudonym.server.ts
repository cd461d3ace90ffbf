import { createHash } from 'node:crypto';
import type { UserId } from './ids';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * What a seller reads instead of a buyer's name: "Buyer 7KQ2M9". The same for all that this buyer does with this seller, and another for
 * every other seller, so that two of them cannot tell that they met the same person. Ids are random enough that nobody can try them out.
 */
export function buyerNameFor(sellerId: UserId, buyerId: UserId): string {
  const digest = createHash('sha256').update(`${sellerId} meets ${buyerId}`).digest();
  return `Buyer ${[...digest.subarray(0, 6)].map((byte) => letters[byte % letters.length]).join('')}`;
}
