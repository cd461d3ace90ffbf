import { findOpenEvent, markProcessed } from '~/modules/payments/index.server';
import { eventSubject } from '~/modules/payments/stripe-events';
import type { Ctx } from '~/platform/context';
import { confirmSession } from './confirm-payment.server';
import { takeInRefund } from './take-in-refund.server';

/** Processes a stored event: fetches its object from Stripe and acts on the current state. Other types are only stored. */
export async function processStripeEvent(ctx: Ctx, eventId: string): Promise<void> {
  const event = await findOpenEvent(ctx, eventId);
  if (!event) return;
  const subject = eventSubject(event.type);
  if (subject === 'session') await confirmSession(ctx, event.objectId);
  if (subject === 'refund') await takeInRefund(ctx, event.objectId);
  await markProcessed(ctx, eventId);
}
