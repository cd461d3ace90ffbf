import { and, asc, eq, isNull, lte } from 'drizzle-orm';
import { stripeEvents } from '~db/schema';
import { atomic, type Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import { enqueue } from '~/platform/jobs';
import { processStripeEvent } from './jobs';
import type { StripeEvent } from './stripe-port';

export type StoredEvent = typeof stripeEvents.$inferSelect;

/**
 * Takes in what was posted to our webhook. The signature is checked over the raw body; the event is stored once, by its id, together
 * with the job that acts on it. Delivering it again changes nothing.
 * @throws DomainError 400 for a body that Stripe did not sign, or signed more than five minutes ago.
 */
export async function receiveStripeEvent(ctx: Ctx, rawBody: Buffer, signature: string | undefined): Promise<StripeEvent> {
  const event = signature ? await ctx.ports.stripe.readEvent(rawBody, signature) : null;
  if (!event) throw new DomainError('bad_signature', 'This was not signed by Stripe, or is too old.', 400);
  await atomic(ctx, async (tx) => {
    const stored = await tx.db
      .insert(stripeEvents)
      .values({ ...event, receivedAt: tx.now })
      .onConflictDoNothing()
      .returning({ id: stripeEvents.id });
    if (stored.length > 0) await enqueue(tx, processStripeEvent, { eventId: event.id }, { key: `stripe_event:${event.id}` });
  });
  return event;
}

export async function findEvent(ctx: Ctx, eventId: string): Promise<StoredEvent | null> {
  const [row] = await ctx.db.select().from(stripeEvents).where(eq(stripeEvents.id, eventId));
  return row ?? null;
}

export async function markProcessed(ctx: Ctx, eventId: string): Promise<void> {
  await ctx.db.update(stripeEvents).set({ processedAt: ctx.now }).where(eq(stripeEvents.id, eventId));
}

/** Events that were stored a while ago and not acted on: their job was lost or gave up. */
export async function unprocessedEvents(ctx: Ctx, receivedBefore: Date, limit: number): Promise<StoredEvent[]> {
  return ctx.db
    .select()
    .from(stripeEvents)
    .where(and(isNull(stripeEvents.processedAt), lte(stripeEvents.receivedAt, receivedBefore)))
    .orderBy(asc(stripeEvents.receivedAt))
    .limit(limit);
}
