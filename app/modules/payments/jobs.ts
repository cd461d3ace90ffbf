import { z } from 'zod';
import { defineJob } from '~/platform/jobs';
import { idSchema } from '~/platform/ids';

/** A verified event of Stripe waits in the inbox. */
export const processStripeEvent = defineJob('stripe.process_event', z.object({ eventId: z.string().min(1) }));

/** A refund has been decided and is to be made at Stripe. */
export const sendRefund = defineJob('stripe.send_refund', z.object({ refundId: idSchema('refund') }));
