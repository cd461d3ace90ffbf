import type Stripe from 'stripe';
import { getId } from '../core/get-id';
import type { World } from '../core/world';
import { endpoint, noParameters } from '../http/endpoint';
import { isWithin, listPage, readCreated, readPage } from '../http/list-page';
import { missing, refused } from '../http/problem';
import { newCheckoutSession } from '../objects/checkout-session';
import { newLineItem } from '../objects/line-item';
import { expireSession } from '../payments/expire-session';
import { readSession } from './read-session';

const findSession = (world: World, id: string): Stripe.Checkout.Session => {
  const session = world.tables.checkoutSession.get(id);
  if (session === undefined) throw missing('checkout.session', id, 'session');
  return session;
};

const create = endpoint({
  operation: 'checkout.sessions.create',
  method: 'POST',
  path: '/v1/checkout/sessions',
  read: readSession,
  run({ world, input, origin }) {
    const id = world.ids.next('cs_test', 58);
    const lineItems = input.lineItems.map((item) => newLineItem(world, item));
    world.put('sessionPlan', { id, created: world.clock.seconds(), lineItems, intent: input.intent, challengedCard: null });
    return world.put('checkoutSession', newCheckoutSession(world, id, `${origin}/c/pay/${id}`, input.session, lineItems));
  },
});

const retrieve = endpoint({
  operation: 'checkout.sessions.retrieve',
  method: 'GET',
  path: '/v1/checkout/sessions/:id',
  read: noParameters,
  run: ({ world, id }) => findSession(world, id),
});

const list = endpoint({
  operation: 'checkout.sessions.list',
  method: 'GET',
  path: '/v1/checkout/sessions',
  read: (parameters) => ({
    page: readPage(parameters),
    created: readCreated(parameters),
    status: parameters.choice('status', ['open', 'complete', 'expired']),
    paymentIntent: parameters.text('payment_intent'),
    email: parameters.group('customer_details')?.text('email'),
  }),
  run({ world, input }) {
    const rows = world.tables.checkoutSession
      .newestFirst()
      .filter((session) => isWithin(input.created, session.created))
      .filter((session) => input.status === undefined || session.status === input.status)
      .filter((session) => input.paymentIntent === undefined || getId(session.payment_intent) === input.paymentIntent)
      .filter((session) => input.email === undefined || session.customer_details?.email === input.email);
    return listPage(rows, input.page, '/v1/checkout/sessions');
  },
});

const expire = endpoint({
  operation: 'checkout.sessions.expire',
  method: 'POST',
  path: '/v1/checkout/sessions/:id/expire',
  read: noParameters,
  run({ world, id }) {
    const session = findSession(world, id);
    if (session.status === 'open') return expireSession(world, session);
    const state = session.status === 'complete' ? 'complete' : 'expired';
    throw refused(`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${state}.`);
  },
});

const listLineItems = endpoint({
  operation: 'checkout.sessions.listLineItems',
  method: 'GET',
  path: '/v1/checkout/sessions/:id/line_items',
  read: readPage,
  run({ world, id, input }) {
    const session = findSession(world, id);
    return listPage(world.tables.sessionPlan.get(session.id)?.lineItems ?? [], input, `/v1/checkout/sessions/${id}/line_items`);
  },
});

export const checkoutSessionEndpoints = [create, retrieve, list, expire, listLineItems];
