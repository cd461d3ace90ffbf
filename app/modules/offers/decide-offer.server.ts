import { and, asc, eq, lte } from 'drizzle-orm';
import { offers } from '~db/schema';
import { notifyUser } from '~/modules/notifications/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { atomic, requireUser, type Ctx } from '~/platform/context';
import { addMs, HOUR_MS } from '~/platform/dates';
import { conflict, invariant } from '~/platform/errors';
import type { CheckoutId, ListingId, OfferId } from '~/platform/ids';
import type { NamedLot } from '~/platform/lot-name';
import { buyerNameFor } from '~/platform/pseudonym.server';
import { offerAccepted, offerDeclined, offerExpired, offerLapsedForBuyer, offerLapsedForSeller } from './offer-mails';
import { findOffer, takeStep, type Offer } from './offer-store.server';

const sweepBound = 200;

/** Looks up the lot of an offer, so that a mail can name it: lots belong to another module. */
type FindLot = (tx: Ctx, listingId: ListingId) => Promise<NamedLot>;

/** An open offer that this seller can accept. @throws DomainError 404 for others, 409 when it expired or was decided. */
export async function findAcceptableOffer(ctx: Ctx, offerId: OfferId): Promise<{ offer: Offer; payUntilAt: Date }> {
  const offer = await findOffer(ctx, offerId, { sellerId: requireUser(ctx) });
  if (offer.state !== 'open') throw conflict('wrong_state', 'This offer has been decided already.', { state: offer.state });
  if (offer.expiresAt <= ctx.now) throw conflict('offer_expired', 'This offer has run out. The buyer can make a new one.');
  const { rules } = await currentPolicy(ctx);
  return { offer, payUntilAt: addMs(ctx.now, rules.offerPayHours * HOUR_MS) };
}

/** Accepts an offer in the block that opens the buyer's checkout, and mails the buyer a link to pay. */
export async function acceptOffer(tx: Ctx, offer: Offer, checkoutId: CheckoutId, payUntilAt: Date, lot: NamedLot): Promise<Offer> {
  const accepted = await takeStep(tx, offer, 'accept', 'seller', { checkoutId, payUntilAt });
  await notifyUser(tx, offer.buyerId, offerAccepted(accepted, lot, tx.config.publicUrl));
  return accepted;
}

/** The seller declines; the buyer is mailed. */
export async function declineOffer(ctx: Ctx, offerId: OfferId, findLot: FindLot): Promise<Offer> {
  return atomic(ctx, async (tx) => {
    const declined = await takeStep(tx, await findOffer(tx, offerId, { sellerId: requireUser(tx) }), 'decline', 'seller');
    await notifyUser(tx, declined.buyerId, offerDeclined(declined, await findLot(tx, declined.listingId), tx.config.publicUrl));
    return declined;
  });
}

/** The buyer takes the offer back before it was decided. */
export async function withdrawOffer(ctx: Ctx, offerId: OfferId): Promise<Offer> {
  return atomic(ctx, async (tx) => takeStep(tx, await findOffer(tx, offerId, { buyerId: requireUser(tx) }), 'withdraw', 'buyer'));
}

/** The checkout of an accepted offer was paid. */
export async function markOfferPurchased(tx: Ctx, offerId: OfferId): Promise<void> {
  await takeStep(tx, await offerById(tx, offerId), 'purchase', 'system');
}

/** The checkout of an accepted offer ended unpaid: both parties are mailed. */
export async function markOfferLapsed(tx: Ctx, offerId: OfferId, findLot: FindLot): Promise<void> {
  const offer = await offerById(tx, offerId);
  if (offer.state !== 'accepted') return;
  const lapsed = await takeStep(tx, offer, 'lapse', 'system');
  const lot = await findLot(tx, lapsed.listingId);
  const buyerName = buyerNameFor(lapsed.sellerId, lapsed.buyerId);
  await notifyUser(tx, lapsed.buyerId, offerLapsedForBuyer(lapsed, lot, tx.config.publicUrl));
  await notifyUser(tx, lapsed.sellerId, offerLapsedForSeller(lapsed, lot, buyerName, tx.config.publicUrl));
}

/** Expires overdue open offers, oldest first, bounded per run. Offers decided meanwhile are skipped. */
export async function expireOffers(ctx: Ctx, findLot: FindLot): Promise<number> {
  const due = await ctx.db
    .select({ id: offers.id })
    .from(offers)
    .where(and(eq(offers.state, 'open'), lte(offers.expiresAt, ctx.now)))
    .orderBy(asc(offers.expiresAt))
    .limit(sweepBound);
  let count = 0;
  for (const { id } of due) count += await atomic(ctx, (tx) => expireOffer(tx, id, findLot));
  return count;
}

async function expireOffer(tx: Ctx, offerId: OfferId, findLot: FindLot): Promise<number> {
  const offer = await offerById(tx, offerId);
  if (offer.state !== 'open') return 0;
  const expired = await takeStep(tx, offer, 'expire', 'system');
  await notifyUser(tx, expired.buyerId, offerExpired(expired, await findLot(tx, expired.listingId), tx.config.publicUrl));
  return 1;
}

async function offerById(tx: Ctx, offerId: OfferId): Promise<Offer> {
  const [offer] = await tx.db.select().from(offers).where(eq(offers.id, offerId)).for('update');
  invariant(offer, 'a checkout names an offer that exists');
  return offer;
}
