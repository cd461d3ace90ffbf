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
 * The parts of one purchase as pages show them; together they are what was bought, which is whole cents. What is left is rounded down, never
 * shown larger than it is; the others share the rest by the rule of `partsInCents`. Totals over several purchases are sums of these.
 */
export function grantShown({ availableNano, authorizedNano, capturedNano, returnedNano }: GrantAmounts): GrantShown {
  const [setAsideCents = 0n, burnedCents = 0n, returnedCents = 0n] = partsInCents([authorizedNano, capturedNano, returnedNano], 'up');
  return { leftCents: nanoToCents(availableNano, 'down'), setAsideCents, burnedCents, returnedCents };
}
