import { getId } from '../core/get-id';
import { endpoint, noParameters } from '../http/endpoint';
import { isWithin, listPage, readCreated, readPage } from '../http/list-page';
import { missing } from '../http/problem';

const retrieve = endpoint({
  operation: 'charges.retrieve',
  method: 'GET',
  path: '/v1/charges/:id',
  read: noParameters,
  run({ world, id }) {
    const charge = world.tables.charge.get(id);
    if (charge === undefined) throw missing('charge', id);
    return charge;
  },
});

const list = endpoint({
  operation: 'charges.list',
  method: 'GET',
  path: '/v1/charges',
  read: (parameters) => ({
    page: readPage(parameters),
    created: readCreated(parameters),
    paymentIntent: parameters.text('payment_intent'),
    transferGroup: parameters.text('transfer_group'),
  }),
  run({ world, input }) {
    const rows = world.tables.charge
      .newestFirst()
      .filter((charge) => isWithin(input.created, charge.created))
      .filter((charge) => input.paymentIntent === undefined || getId(charge.payment_intent) === input.paymentIntent)
      .filter((charge) => input.transferGroup === undefined || charge.transfer_group === input.transferGroup);
    return listPage(rows, input.page, '/v1/charges');
  },
});

export const chargeEndpoints = [retrieve, list];
