import { and, eq } from 'drizzle-orm';
import { offerEvents, offers } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { newId, type OfferId, type UserId } from '~/platform/ids';
import { nextState } from '~/platform/transitions';
import { offerTransitions, type OfferRole, type OfferStep } from './offer-machine';

export type Offer = typeof offers.$inferSelect;

/** An offer that the actor made or received. @throws DomainError 404 for others. */
export async function findOffer(ctx: Ctx, offerId: OfferId, party: { buyerId: UserId } | { sellerId: UserId }): Promise<Offer> {
  const mine = 'buyerId' in party ? eq(offers.buyerId, party.buyerId) : eq(offers.sellerId, party.sellerId);
  const [offer] = await ctx.db
    .select()
    .from(offers)
    .where(and(eq(offers.id, offerId), mine));
  if (!offer) throw notFound('offer');
  return offer;
}

/** Takes a step by compare-and-set and records it. @throws DomainError 409 for the slower of two. */
export async function takeStep(tx: Ctx, offer: Offer, step: OfferStep, role: OfferRole, set: Partial<Offer> = {}): Promise<Offer> {
  const state = nextState(offerTransitions, step, offer.state, role);
  const [updated] = await tx.db
    .update(offers)
    .set({ ...set, state, decidedAt: tx.now })
    .where(and(eq(offers.id, offer.id), eq(offers.state, offer.state)))
    .returning();
  if (!updated) throw conflict('wrong_state', 'This offer has just been decided. Reload to see how.');
  await addOfferEvent(tx, offer.id, step);
  return updated;
}

export async function addOfferEvent(tx: Ctx, offerId: OfferId, kind: string, facts: Record<string, string> = {}): Promise<void> {
  const actorId = tx.actor.kind === 'user' ? tx.actor.userId : null;
  await tx.db.insert(offerEvents).values({ id: newId('event', tx.now), offerId, kind, actorId, facts, createdAt: tx.now });
}
