import type Stripe from 'stripe';
import { getId } from '../core/get-id';
import type { World } from '../core/world';
import { endpoint, noParameters } from '../http/endpoint';
import { isWithin, listPage, readCreated, readPage } from '../http/list-page';
import type { Parameters } from '../http/parameters';
import { invalid, missing, refused } from '../http/problem';
import { refundCharge } from '../payments/refund-charge';

function readRefund(parameters: Parameters) {
  parameters.unsupported('currency', 'customer', 'instructions_email', 'origin', 'refund_application_fee', 'reverse_transfer');
  const input = {
    amountCents: parameters.integer('amount', { min: 1 }),
    charge: parameters.text('charge'),
    metadata: parameters.metadata('metadata'),
    paymentIntent: parameters.text('payment_intent'),
    reason: parameters.choice('reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
  };
  if (input.charge === undefined && input.paymentIntent === undefined) {
    throw invalid(
      'One of the following params should be provided for this request: payment_intent or charge.',
      'payment_intent',
      'parameter_missing',
    );
  }
  return input;
}

function chargeToRefund(world: World, chargeId: string | undefined, intentId: string | undefined): Stripe.Charge {
  if (intentId === undefined) return findCharge(world, chargeId ?? '');
  const intent = world.tables.paymentIntent.get(intentId);
  if (intent === undefined) throw missing('payment_intent', intentId, 'payment_intent');
  if (intent.status !== 'succeeded') {
    throw refused(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, { param: 'payment_intent' });
  }
  return findCharge(world, getId(intent.latest_charge));
}

function findCharge(world: World, id: string): Stripe.Charge {
  const charge = world.tables.charge.get(id);
  if (charge === undefined) throw missing('charge', id, 'charge');
  return charge;
}

const create = endpoint({
  operation: 'refunds.create',
  method: 'POST',
  path: '/v1/refunds',
  read: readRefund,
  run: ({ world, input }) => refundCharge(world, chargeToRefund(world, input.charge, input.paymentIntent), input),
});

const retrieve = endpoint({
  operation: 'refunds.retrieve',
  method: 'GET',
  path: '/v1/refunds/:id',
  read: noParameters,
  run({ world, id }) {
    const refund = world.tables.refund.get(id);
    if (refund === undefined) throw missing('refund', id);
    return refund;
  },
});

const list = endpoint({
  operation: 'refunds.list',
  method: 'GET',
  path: '/v1/refunds',
  read: (parameters) => ({
    page: readPage(parameters),
    created: readCreated(parameters),
    charge: parameters.text('charge'),
    paymentIntent: parameters.text('payment_intent'),
  }),
  run({ world, input }) {
    const rows = world.tables.refund
      .newestFirst()
      .filter((refund) => isWithin(input.created, refund.created))
      .filter((refund) => input.charge === undefined || refund.charge === input.charge)
      .filter((refund) => input.paymentIntent === undefined || refund.payment_intent === input.paymentIntent);
    return listPage(rows, input.page, '/v1/refunds');
  },
});

export const refundEndpoints = [create, retrieve, list];
