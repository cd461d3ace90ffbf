import { findEvent, markProcessed, syncRefund } from '~/modules/payments/index.server';
import type { Ctx } from '~/platform/context';
import { confirmSession } from './confirm-payment.server';

const sessionEvents = new Set(['checkout.session.completed', 'checkout.session.expired', 'checkout.session.async_payment_succeeded']);
const refundEvents = new Set(['refund.created', 'refund.updated', 'refund.failed']);

/** Acts on an event of the inbox: fetches the object it is about and does what its present state asks for. Others are only kept. */
export async function processStripeEvent(ctx: Ctx, eventId: string): Promise<void> {
  const event = await findEvent(ctx, eventId);
  if (!event || event.processedAt !== null) return;
  if (sessionEvents.has(event.type)) await confirmSession(ctx, event.objectId);
  if (refundEvents.has(event.type)) await syncRefund(ctx, event.objectId);
  await markProcessed(ctx, eventId);
}
