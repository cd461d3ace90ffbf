import { nanoToCents, partsInCents } from '~/platform/money';

interface GrantAmounts {
  availableNano: bigint;
  authorizedNano: bigint;
  capturedNano: bigint;
  returnedNano: bigint;
}

export interface GrantShown {
  leftCents: bigint;
  setAsideCents: bigint;
  burnedCents: bigint;
  returnedCents: bigint;
}

/**
 * The parts of a grant as pages show them, in whole cents; they add up to the purchase. The rest is rounded down, so that it never
 * looks larger than it is; `partsInCents` rounds the others. Totals of several purchases are sums of these parts.
 */
export function grantShown({ availableNano, authorizedNano, capturedNano, returnedNano }: GrantAmounts): GrantShown {
  const [setAsideCents = 0n, burnedCents = 0n, returnedCents = 0n] = partsInCents([authorizedNano, capturedNano, returnedNano], 'up');
  return { leftCents: nanoToCents(availableNano, 'down'), setAsideCents, burnedCents, returnedCents };
}
