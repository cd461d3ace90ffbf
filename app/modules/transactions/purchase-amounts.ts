import { addDays, addMs, DAY_MS } from '~/platform/dates';
import { priceCents, share } from '~/platform/money';

export interface PurchaseAmounts {
  priceCents: bigint;
  feeCents: bigint;
  sellerTotalCents: bigint;
}

/** Price rounded up, fee rounded down, the seller gets the rest; fixed on the transaction when it starts (docs/money.md#amounts-of-a-purchase). */
export function computeAmounts(creditNano: bigint, discountBps: number, feeBps: number): PurchaseAmounts {
  const price = priceCents(creditNano, discountBps);
  const feeCents = share(price, feeBps, 'down');
  return { priceCents: price, feeCents, sellerTotalCents: price - feeCents };
}

/** The credit can be burned until 24 h before it expires at the provider. */
export function burnWindowEnd(creditExpiresAt: Date): Date {
  return addMs(creditExpiresAt, -DAY_MS);
}

/** The day on which the rest of the held money goes to the seller: the end of the burn window, or so many days after the payment. */
export function settlementDay(creditExpiresAt: Date, paidAt: Date, maxHoldDays: number): Date {
  const burnBy = burnWindowEnd(creditExpiresAt);
  const longest = addDays(paidAt, maxHoldDays);
  return burnBy < longest ? burnBy : longest;
}
