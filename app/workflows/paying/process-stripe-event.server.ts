import { findOpenEvent, markProcessed } from '~/modules/payments/index.server';
import { eventSubject } from '~/modules/payments/stripe-events';
import type { Ctx } from '~/platform/context';
import { confirmSession } from './confirm-payment.server';
import { takeInRefund } from './take-in-refund.server';

/** Acts on an event of the inbox: fetches the object it is about and does what its present state asks for. Others are only kept. */
export async function processStripeEvent(ctx: Ctx, eventId: string): Promise<void> {
  const event = await findOpenEvent(ctx, eventId);
  if (!event) return;
  const subject = eventSubject(event.type);
  if (subject === 'session') await confirmSession(ctx, event.objectId);
  if (subject === 'refund') await takeInRefund(ctx, event.objectId);
  await markProcessed(ctx, eventId);
}
