import type Stripe from 'stripe';
import { getId } from '../core/get-id';
import { endpoint, noParameters } from '../http/endpoint';
import { isWithin, listPage, readCreated, readPage } from '../http/list-page';
import { missing } from '../http/problem';
import { balanceTransactionAt } from '../objects/balance-transaction';

const retrieveBalance = endpoint({
  operation: 'balance.retrieve',
  method: 'GET',
  path: '/v1/balance',
  read: noParameters,
  run({ world }): Stripe.Balance {
    const now = world.clock.seconds();
    const sums = { available: 0, pending: 0 };
    for (const transaction of world.tables.balanceTransaction.oldestFirst()) {
      sums[transaction.available_on <= now ? 'available' : 'pending'] += transaction.net;
    }
    const funds = (amount: number) => [{ amount, currency: 'usd', source_types: { card: amount } }];
    return { object: 'balance', available: funds(sums.available), livemode: false, pending: funds(sums.pending) };
  },
});

const retrieve = endpoint({
  operation: 'balanceTransactions.retrieve',
  method: 'GET',
  path: '/v1/balance_transactions/:id',
  read: noParameters,
  run({ world, id }) {
    const transaction = world.tables.balanceTransaction.get(id);
    if (transaction === undefined) throw missing('balance transaction', id);
    return balanceTransactionAt(transaction, world.clock.seconds());
  },
});

const list = endpoint({
  operation: 'balanceTransactions.list',
  method: 'GET',
  path: '/v1/balance_transactions',
  read: (parameters) => ({
    page: readPage(parameters),
    created: readCreated(parameters),
    currency: parameters.text('currency') ?? 'usd',
    source: parameters.text('source'),
    type: parameters.text('type'),
  }),
  run({ world, input }) {
    const now = world.clock.seconds();
    const rows = world.tables.balanceTransaction
      .newestFirst()
      .filter((transaction) => isWithin(input.created, transaction.created) && transaction.currency === input.currency)
      .filter((transaction) => input.source === undefined || getId(transaction.source) === input.source)
      .filter((transaction) => input.type === undefined || transaction.type === input.type);
    const page = listPage(rows, input.page, '/v1/balance_transactions');
    return { ...page, data: page.data.map((transaction) => balanceTransactionAt(transaction, now)) };
  },
});

export const balanceEndpoints = [retrieveBalance, retrieve, list];
