import type { Endpoint } from '../http/endpoint';
import { balanceEndpoints } from './balance';
import { chargeEndpoints } from './charges';
import { checkoutSessionEndpoints } from './checkout-sessions';
import { eventEndpoints } from './events';
import { paymentIntentEndpoints } from './payment-intents';
import { refundEndpoints } from './refunds';
import { webhookEndpointEndpoints } from './webhook-endpoints';

/** All endpoints of Stripe's API that the sandbox implements; any other path is a 501. */
export const endpoints: readonly Endpoint[] = [
  ...checkoutSessionEndpoints,
  ...paymentIntentEndpoints,
  ...chargeEndpoints,
  ...refundEndpoints,
  ...balanceEndpoints,
  ...eventEndpoints,
  ...webhookEndpointEndpoints,
];
