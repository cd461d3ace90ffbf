import { addDays, addMs, DAY_MS } from '~/platform/dates';
import { priceCents, share } from '~/platform/money';

export interface PurchaseAmounts {
  priceCents: bigint;
  feeCents: bigint;
  sellerTotalCents: bigint;
}

/** Price rounded up, fee rounded down, the rest for the seller. Fixed when the purchase starts (docs/money.md#amounts-of-a-purchase). */
export function computeAmounts(creditNano: bigint, discountBps: number, feeBps: number): PurchaseAmounts {
  const price = priceCents(creditNano, discountBps);
  const feeCents = share(price, feeBps, 'down');
  return { priceCents: price, feeCents, sellerTotalCents: price - feeCents };
}

/** The credit can be burned until 24 h before it expires at the provider. */
export function burnWindowEnd(creditExpiresAt: Date): Date {
  return addMs(creditExpiresAt, -DAY_MS);
}

/** When the rest of the held money goes to the seller: at the end of the burn window, or `maxHoldDays` after the payment. */
export function settlementDay(creditExpiresAt: Date, paidAt: Date, maxHoldDays: number): Date {
  const burnBy = burnWindowEnd(creditExpiresAt);
  const longest = addDays(paidAt, maxHoldDays);
  return burnBy < longest ? burnBy : longest;
}
