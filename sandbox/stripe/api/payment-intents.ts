import { endpoint } from '../http/endpoint';
import { isWithin, listPage, readCreated, readPage } from '../http/list-page';
import { missing } from '../http/problem';

const retrieve = endpoint({
  operation: 'paymentIntents.retrieve',
  method: 'GET',
  path: '/v1/payment_intents/:id',
  read: (parameters) => parameters.text('client_secret'),
  run({ world, id, input }) {
    const intent = world.tables.paymentIntent.get(id);
    if (intent === undefined || (input !== undefined && input !== intent.client_secret)) throw missing('payment_intent', id, 'intent');
    return intent;
  },
});

const list = endpoint({
  operation: 'paymentIntents.list',
  method: 'GET',
  path: '/v1/payment_intents',
  read: (parameters) => ({ page: readPage(parameters), created: readCreated(parameters) }),
  run({ world, input }) {
    const rows = world.tables.paymentIntent.newestFirst().filter((intent) => isWithin(input.created, intent.created));
    return listPage(rows, input.page, '/v1/payment_intents');
  },
});

export const paymentIntentEndpoints = [retrieve, list];
