import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import { offers } from '~db/schema';
import { notifyUser } from '~/modules/notifications/index.server';
import { currentPolicy, type PolicyRules } from '~/modules/policy/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { addMs, HOUR_MS } from '~/platform/dates';
import { conflict, invalid } from '~/platform/errors';
import { idSchema, newId, type ListingId, type UserId } from '~/platform/ids';
import type { NamedLot } from '~/platform/lot-name';
import { centsToNano, divide, formatCents, formatNano, formatPercent } from '~/platform/money';
import { buyerNameFor } from '~/platform/pseudonym.server';
import { limit } from '~/platform/rate-limit.server';
import { offerMade } from './offer-mails';
import { addOfferEvent, type Offer } from './offer-store.server';

export const MakeOfferInput = z.object({
  listingId: idSchema('listing'),
  creditNano: z.bigint().positive(),
  discountBps: z.number().int().min(0).max(10_000),
  hours: z.number().int().min(1),
  message: z.string().trim().max(500).optional(),
});

/** Facts of the offer's lot, read by the caller. */
export interface OfferedLot extends NamedLot {
  id: ListingId;
  sellerId: UserId;
  onSale: boolean;
  availableNano: bigint;
  minimumNano: bigint;
}

/**
 * A buyer bids on a listing: an amount of credit at a deeper discount, open for some hours. One open offer per buyer and listing. The
 * seller is mailed.
 * @throws 401, 403 unverified, 422 beside the field, 409 when the lot is not on sale or another offer is open, 429.
 */
export async function makeOffer(ctx: Ctx, lot: OfferedLot, input: z.input<typeof MakeOfferInput>): Promise<Offer> {
  const buyerId = requireVerifiedUser(ctx);
  const { rules } = await currentPolicy(ctx);
  const { creditNano, discountBps, hours, message } = MakeOfferInput.parse(input);
  checkOffer(lot, buyerId, { creditNano, discountBps, hours }, rules);
  await limit(ctx, 'offer', buyerId);
  return atomic(ctx, async (tx) => {
    const [open] = await tx.db
      .select({ count: count() })
      .from(offers)
      .where(and(eq(offers.buyerId, buyerId), eq(offers.listingId, lot.id), eq(offers.state, 'open')));
    if (open && open.count > 0) throw conflict('offer_open', 'Your offer on this lot is still open. Withdraw it first, then make another.');
    const [offer] = await tx.db
      .insert(offers)
      .values({
        id: newId('offer', tx.now),
        listingId: lot.id,
        sellerId: lot.sellerId,
        buyerId,
        creditNano,
        discountBps,
        message: message || null,
        state: 'open',
        expiresAt: addMs(tx.now, hours * HOUR_MS),
        createdAt: tx.now,
      })
      .onConflictDoNothing()
      .returning();
    if (!offer) throw conflict('offer_open', 'Your offer on this lot is still open. Withdraw it first, then make another.');
    await addOfferEvent(tx, offer.id, 'make');
    await notifyUser(tx, lot.sellerId, offerMade(offer, lot, buyerNameFor(lot.sellerId, buyerId), tx.config.publicUrl));
    return offer;
  });
}

function checkOffer(
  lot: OfferedLot,
  buyerId: UserId,
  bid: { creditNano: bigint; discountBps: number; hours: number },
  rules: PolicyRules,
): void {
  if (lot.sellerId === buyerId) throw invalid('offerAmount', 'This is your own listing.', 'own_listing');
  if (!lot.onSale) throw conflict('not_on_sale', 'This lot is not on sale right now, so it takes no offers.');
  if (bid.creditNano > lot.availableNano) throw invalid('offerAmount', `At most ${formatNano(lot.availableNano)}, which is what is left.`);
  if (bid.creditNano < lot.minimumNano && bid.creditNano !== lot.availableNano)
    throw invalid('offerAmount', `At least ${formatNano(lot.minimumNano)} of credit.`);
  if (bid.discountBps > rules.maxDiscountBps) throw invalid('offerDiscount', `At most ${formatPercent(rules.maxDiscountBps)}.`);
  if (bid.discountBps <= lot.discountBps)
    throw invalid('offerDiscount', `More than ${formatPercent(lot.discountBps)}: at that discount you can buy at once.`);
  const least = smallestNano(bid.discountBps, rules.minPurchaseCents);
  if (bid.creditNano < least && bid.creditNano !== lot.availableNano) {
    throw invalid(
      'offerAmount',
      `At least ${formatNano(least)} at that discount: the smallest purchase is ${formatCents(BigInt(rules.minPurchaseCents))}.`,
    );
  }
  if (bid.hours > rules.offerLifetimeHours) throw invalid('offerHours', `At most ${rules.offerLifetimeHours} hours.`);
}

/** The smallest amount of credit, in whole cents, whose discounted price reaches the market's smallest purchase. */
function smallestNano(discountBps: number, minPurchaseCents: number): bigint {
  return centsToNano(divide(BigInt(minPurchaseCents) * 10_000n, BigInt(10_000 - discountBps), 'up'));
}
