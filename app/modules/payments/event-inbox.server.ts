import { and, asc, isNull, lte, sql } from 'drizzle-orm';
import { stripeEvents } from '~db/schema';
import { batched } from '~/platform/batches';
import type { Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import { addJobFor } from '~/platform/jobs';
import { processStripeEvent } from './jobs';
import { eventSubject } from './stripe-events';
import type { StripeEvent } from './stripe-port';

export type StoredEvent = typeof stripeEvents.$inferSelect;

/**
 * Receives a Stripe webhook. Verifies the signature over the raw body and stores the event once, with its job in the same statement;
 * types that need no action are stored as done. Redelivery changes nothing.
 * @throws DomainError 400 for a body that Stripe did not sign, or signed more than five minutes ago.
 */
export async function receiveStripeEvent(ctx: Ctx, rawBody: Buffer, signature: string | undefined): Promise<StripeEvent> {
  const event = signature ? await ctx.ports.stripe.readEvent(rawBody, signature) : null;
  if (!event) throw new DomainError('bad_signature', 'This was not signed by Stripe, or is too old.', 400);
  await store(ctx, event);
  return event;
}

/** Stripe sends several events per payment at once: batch them into one commit. */
const store = batched<StripeEvent, void>(async (ctx, events) => {
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const rows = events.map(({ id, type, objectId }) => ({ id, type, object_id: objectId, waits: eventSubject(type) !== null }));
  await ctx.db.execute(sql`
    with stored as (
      insert into stripe_events (id, type, object_id, received_at, processed_at)
      select e.id, e.type, e.object_id, ${now}, case when not e.waits then ${now} end
      from json_to_recordset(${JSON.stringify(rows)}::json) as e (id text, type text, object_id text, waits boolean)
      on conflict do nothing returning id, processed_at
    )
    select ${addJobFor(processStripeEvent, sql`json_build_object('eventId', id)`, sql`'stripe_event:' || id`)} from stored where processed_at is null`);
  return events.map(() => undefined);
});

/**
 * What an unprocessed event asks us to check; null if it was processed. If the buyer's return has booked the payment meanwhile, the
 * same statement marks the event as done.
 */
export async function findOpenEvent(ctx: Ctx, eventId: string): Promise<Pick<StoredEvent, 'type' | 'objectId'> | null> {
  const [row] = await ctx.db.sql<Pick<StoredEvent, 'type' | 'objectId'>[]>`
    with taken as (
      update stripe_events e set processed_at = ${ctx.now.toISOString()}::timestamptz
      where id = ${eventId} and processed_at is null
        and exists (select 1 from checkouts c where c.stripe_session_id = e.object_id and c.state = 'paid')
      returning id
    )
    select type, object_id as "objectId" from stripe_events where id = ${eventId} and processed_at is null and not exists (select 1 from taken)`;
  return row ?? null;
}

export async function markProcessed(ctx: Ctx, eventId: string): Promise<void> {
  await ctx.db.sql`update stripe_events set processed_at = ${ctx.now.toISOString()}::timestamptz where id = ${eventId}`;
}

/** Events that were stored a while ago and not processed: their job was lost or gave up. */
export async function unprocessedEvents(ctx: Ctx, receivedBefore: Date, limit: number): Promise<StoredEvent[]> {
  return ctx.db
    .select()
    .from(stripeEvents)
    .where(and(isNull(stripeEvents.processedAt), lte(stripeEvents.receivedAt, receivedBefore)))
    .orderBy(asc(stripeEvents.receivedAt))
    .limit(limit);
}
