import { randomUUID } from 'node:crypto';
import { checkouts } from '~db/schema';
import { eq } from 'drizzle-orm';
import { currentPolicy } from '~/modules/policy/index.server';
import { smallestPurchaseNano } from '~/modules/listings/listing-preview';
import { MINUTE_MS } from '~/platform/dates';
import { DomainError, invariant } from '~/platform/errors';
import { usdNano } from '~/platform/money';
import { findListings } from '~/queries/market/listings.server';
import type { ListingRow } from '~/queries/market/public-listing.server';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import type { Person } from './people';
import { as, asTheSystem, type World } from './world';

const usualAmountsUsd = [20, 25, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300] as const;

/** Some buyers a day, each mostly from one of the cheapest lots. */
export async function tradeADay(world: World, purchases: number): Promise<void> {
  const { rules } = await currentPolicy(asTheSystem(world));
  for (let count = 0; count < purchases; count += 1) {
    const { rows } = await findListings(asTheSystem(world), {}, rules.minDaysLeft);
    if (rows.length === 0) return;
    const lot = world.dice.chance(0.7) ? world.dice.pick(rows.slice(0, 6)) : world.dice.pick(rows);
    await purchase(world, world.dice.pick(world.buyers), lot, usdNano(world.dice.pick(usualAmountsUsd)));
    world.clock.moveBy((10 + world.dice.below(50)) * MINUTE_MS);
  }
}

/** One purchase, paid at Stripe. It is skipped if the buyer may not spend the amount. */
export async function purchase(world: World, buyer: Person, lot: ListingRow, wantedNano: bigint): Promise<boolean> {
  const { rules } = await currentPolicy(asTheSystem(world));
  const least = smallestPurchaseNano(lot.minNano, lot.discountBps, rules.minPurchaseCents);
  const creditNano = amountFrom(lot.availableNano, wantedNano < least ? roundUpToCents(least) : wantedNano, least);
  await world.outside.setClock(world.clock.now());
  try {
    const { checkoutId } = await startCheckout(as(world, buyer), {
      listingId: lot.id,
      creditNano,
      shownDiscountBps: lot.discountBps,
      formToken: randomUUID(),
      useNow: true,
    });
    const [checkout] = await world.services.db
      .select({ sessionId: checkouts.stripeSessionId })
      .from(checkouts)
      .where(eq(checkouts.id, checkoutId));
    invariant(checkout?.sessionId, 'an open checkout has its session');
    world.clock.moveBy(2 * MINUTE_MS);
    await world.outside.pay(checkout.sessionId);
    await confirmPayment(asTheSystem(world), checkoutId);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** The wanted amount, or all that is left if less than the minimum would remain. */
function amountFrom(availableNano: bigint, wantedNano: bigint, leastNano: bigint): bigint {
  return wantedNano + leastNano > availableNano ? availableNano : wantedNano;
}

function roundUpToCents(nano: bigint): bigint {
  return ((nano + 9_999_999n) / 10_000_000n) * 10_000_000n;
}
