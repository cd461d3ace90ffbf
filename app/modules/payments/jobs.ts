import { z } from 'zod';
import { defineJob } from '~/platform/jobs';
import { idSchema } from '~/platform/ids';

/** A verified Stripe event waits in the inbox. */
export const processStripeEvent = defineJob('stripe.process_event', z.object({ eventId: z.string().min(1) }));

/** A refund was decided and has to be made at Stripe. */
export const sendRefund = defineJob('stripe.send_refund', z.object({ refundId: idSchema('refund') }));
