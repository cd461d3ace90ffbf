/** The sandbox's operations, with the SDK types of their requests and answers. */
export interface OperationTypes {
  parameters: string;
  response: string;
}

const list = (item: string): string => `Stripe.ApiList<${item}>`;

export const operations: Record<string, OperationTypes> = {
  'checkout.sessions.create': { parameters: 'Stripe.Checkout.SessionCreateParams', response: 'Stripe.Checkout.Session' },
  'checkout.sessions.retrieve': { parameters: 'Stripe.Checkout.SessionRetrieveParams', response: 'Stripe.Checkout.Session' },
  'checkout.sessions.list': { parameters: 'Stripe.Checkout.SessionListParams', response: list('Stripe.Checkout.Session') },
  'checkout.sessions.expire': { parameters: 'Stripe.Checkout.SessionExpireParams', response: 'Stripe.Checkout.Session' },
  'checkout.sessions.listLineItems': { parameters: 'Stripe.Checkout.SessionListLineItemsParams', response: list('Stripe.LineItem') },
  'paymentIntents.retrieve': { parameters: 'Stripe.PaymentIntentRetrieveParams', response: 'Stripe.PaymentIntent' },
  'paymentIntents.list': { parameters: 'Stripe.PaymentIntentListParams', response: list('Stripe.PaymentIntent') },
  'charges.retrieve': { parameters: 'Stripe.ChargeRetrieveParams', response: 'Stripe.Charge' },
  'charges.list': { parameters: 'Stripe.ChargeListParams', response: list('Stripe.Charge') },
  'refunds.create': { parameters: 'Stripe.RefundCreateParams', response: 'Stripe.Refund' },
  'refunds.retrieve': { parameters: 'Stripe.RefundRetrieveParams', response: 'Stripe.Refund' },
  'refunds.list': { parameters: 'Stripe.RefundListParams', response: list('Stripe.Refund') },
  'balance.retrieve': { parameters: 'Stripe.BalanceRetrieveParams', response: 'Stripe.Balance' },
  'balanceTransactions.retrieve': { parameters: 'Stripe.BalanceTransactionRetrieveParams', response: 'Stripe.BalanceTransaction' },
  'balanceTransactions.list': { parameters: 'Stripe.BalanceTransactionListParams', response: list('Stripe.BalanceTransaction') },
  'events.retrieve': { parameters: 'Stripe.EventRetrieveParams', response: 'Stripe.EventBase' },
  'events.list': { parameters: 'Stripe.EventListParams', response: list('Stripe.EventBase') },
  'webhookEndpoints.create': { parameters: 'Stripe.WebhookEndpointCreateParams', response: 'Stripe.WebhookEndpoint' },
  'webhookEndpoints.retrieve': { parameters: 'Stripe.WebhookEndpointRetrieveParams', response: 'Stripe.WebhookEndpoint' },
  'webhookEndpoints.list': { parameters: 'Stripe.WebhookEndpointListParams', response: list('Stripe.WebhookEndpoint') },
  'webhookEndpoints.del': { parameters: 'Stripe.WebhookEndpointDeleteParams', response: 'Stripe.DeletedWebhookEndpoint' },
};

/** The SDK type of an event's object, by the object's `object` field. */
export const eventObjects: Record<string, string> = {
  'checkout.session': 'Stripe.Checkout.Session',
  payment_intent: 'Stripe.PaymentIntent',
  charge: 'Stripe.Charge',
  refund: 'Stripe.Refund',
};

/** Stripe objects that our answers may contain; others, such as an expanded customer, are errors. */
export const objectsInScope: ReadonlySet<string> = new Set([
  'checkout.session', 'item', 'price', 'payment_intent', 'payment_method', 'charge', 'refund', 'balance', 'balance_transaction', 'event',
  'webhook_endpoint', 'list',
]); // prettier-ignore

export const rootTypes = (): string[] => [
  ...new Set([...Object.values(operations).flatMap((types) => [types.parameters, types.response]), ...Object.values(eventObjects)]),
];
