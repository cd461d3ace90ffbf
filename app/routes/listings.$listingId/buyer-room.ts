import { divide, formatCents, formatNano, nanoToCents, centsToNano, priceCents, NANO_PER_CENT } from '~/platform/money';

/** The most credit whose price is not above so many cents, in whole cents of credit. */
export function mostCredit(cents: bigint, discountBps: number): bigint {
  return centsToNano(nanoToCents(divide(cents * NANO_PER_CENT * 10_000n, BigInt(10_000 - discountBps), 'down'), 'down'));
}

interface OfferedCredit {
  minimumNano: bigint;
  availableNano: bigint;
  discountBps: number;
}

/**
 * The most credit a buyer may enter: what the lot holds and, for a new buyer, the rest of today's limit (`roomCents`, else null).
 */
export function amountHint({ minimumNano, availableNano, discountBps }: OfferedCredit, roomCents: bigint | null): string {
  const range = `${formatNano(centsToNano(nanoToCents(minimumNano, 'up')))} to ${formatNano(availableNano)}.`;
  if (roomCents === null || priceCents(availableNano, discountBps) <= roomCents) return range;
  const most = mostCredit(roomCents, discountBps);
  if (most < minimumNano)
    return `${range} As a new buyer you have ${formatCents(roomCents)} left to pay within 24 hours, which is less than the smallest purchase here.`;
  return `${range} As a new buyer: up to ${formatNano(most)} of credit today, since new buyers pay at most ${formatCents(roomCents)} more within 24 hours.`;
}
