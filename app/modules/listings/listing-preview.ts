import { centsToNano, divide, parsePercentToBps, parseUsdToCents, priceCents, share } from '~/platform/money';

/** The rules a preview needs, from the market's policy (plain numbers, so that they reach the browser). */
export interface PreviewRules {
  feeBps: number;
  tailGuardCents: number;
  minPurchaseCents: number;
}

export interface ListingPreview {
  /** What the seller declares, and what of it can be sold: less the tail guard. */
  faceNano: bigint;
  tailNano: bigint;
  sellableNano: bigint;
  discountBps: number;
  /** If all of it sells: what buyers pay, our fee, and the seller's part. price = fee + earnings. */
  priceCents: bigint;
  feeCents: bigint;
  earningsCents: bigint;
  /** The seller's part of $100.00 burned. */
  perHundredCents: bigint;
}

/** price = ⌈face × (10000 − discount) / 10000⌉, fee = ⌊price × fee / 10000⌋, the rest is the seller's (docs/money.md#amounts-of-a-purchase). */
export function splitPrice(
  faceNano: bigint,
  discountBps: number,
  feeBps: number,
): { priceCents: bigint; feeCents: bigint; sellerCents: bigint } {
  const price = priceCents(faceNano, discountBps);
  const fee = share(price, feeBps, 'down');
  return { priceCents: price, feeCents: fee, sellerCents: price - fee };
}

/** The proceeds of a listing, for its seller before submitting and for the admin who decides. Sellable is never below zero. */
export function previewListing(faceNano: bigint, discountBps: number, rules: Omit<PreviewRules, 'minPurchaseCents'>): ListingPreview {
  const guard = centsToNano(BigInt(rules.tailGuardCents));
  const tailNano = faceNano < guard ? faceNano : guard;
  const sellableNano = faceNano - tailNano;
  const all = splitPrice(sellableNano, discountBps, rules.feeBps);
  return {
    faceNano,
    tailNano,
    sellableNano,
    discountBps,
    priceCents: all.priceCents,
    feeCents: all.feeCents,
    earningsCents: all.sellerCents,
    perHundredCents: splitPrice(centsToNano(10_000n), discountBps, rules.feeBps).sellerCents,
  };
}

/** The preview of the typed texts, or null while amount or discount cannot be read. Runs on the server and in browsers. */
export function previewText(faceValue: string, discount: string, rules: PreviewRules): ListingPreview | null {
  const face = parseUsdToCents(faceValue);
  const bps = parsePercentToBps(discount);
  if (face === null || bps === null || bps >= 10_000) return null;
  return previewListing(centsToNano(face), bps, rules);
}

/** The smallest purchase of credit: the seller's minimum, or more if its price is below the market's smallest purchase. */
export function smallestPurchaseNano(minNano: bigint, discountBps: number, minPurchaseCents: number): bigint {
  const byMarket = centsToNano(divide(BigInt(minPurchaseCents) * 10_000n, BigInt(10_000 - discountBps), 'up'));
  return byMarket > minNano ? byMarket : minNano;
}
