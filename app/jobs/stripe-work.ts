import { processStripeEvent as eventJob, sendRefund as refundJob } from '~/modules/payments/jobs';
import { processStripeEvent } from '~/workflows/paying/process-stripe-event.server';
import { makeRefund } from '~/workflows/paying/take-in-refund.server';
import { queued } from './job';

export const stripeEventWork = queued(eventJob, (ctx, { eventId }) => processStripeEvent(ctx, eventId));
export const refundWork = queued(refundJob, (ctx, { refundId }) => makeRefund(ctx, refundId));
