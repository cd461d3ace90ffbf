import { processStripeEvent as eventJob, sendRefund as refundJob } from '~/modules/payments/jobs';
import { sendRefundToStripe } from '~/modules/payments/index.server';
import { processStripeEvent } from '~/workflows/process-stripe-event.server';
import { queued } from './job';

export const stripeEventWork = queued(eventJob, (ctx, { eventId }) => processStripeEvent(ctx, eventId));
export const refundWork = queued(refundJob, (ctx, { refundId }) => sendRefundToStripe(ctx, refundId));
