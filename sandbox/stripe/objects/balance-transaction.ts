import type Stripe from 'stripe';
import type { World } from '../core/world';

/** Card money becomes available two days after the charge. */
const AVAILABLE_AFTER_SECONDS = 2 * 24 * 60 * 60;

/** Stripe's price for a US card: 2.9 % and 30 cents, the percentage rounded half up to the cent. */
export const stripeFeeCents = (amountCents: number): number => Math.floor((amountCents * 29 + 500) / 1000) + 30;

function newBalanceTransaction(
  world: World,
  input: Pick<
    Stripe.BalanceTransaction,
    'amount' | 'available_on' | 'description' | 'fee' | 'fee_details' | 'reporting_category' | 'type'
  > & {
    source: string;
  },
): Stripe.BalanceTransaction {
  const settlement = world.tables.settlementRate.get('current');
  const currency = settlement?.currency ?? 'usd';
  const settled = (cents: number) => Math.round(cents * (settlement?.rate ?? 1));
  return {
    id: world.ids.next('txn'),
    object: 'balance_transaction',
    amount: settled(input.amount),
    available_on: input.available_on,
    balance_type: 'payments',
    created: world.clock.seconds(),
    currency,
    description: input.description,
    exchange_rate: settlement?.rate ?? null,
    fee: settled(input.fee),
    fee_details: input.fee_details.map((detail) => ({ ...detail, amount: settled(detail.amount), currency })),
    net: settled(input.amount) - settled(input.fee),
    reporting_category: input.reporting_category,
    source: input.source,
    status: 'pending',
    type: input.type,
  };
}

export function chargeBalanceTransaction(world: World, charge: Stripe.Charge): Stripe.BalanceTransaction {
  const fee = stripeFeeCents(charge.amount);
  return newBalanceTransaction(world, {
    amount: charge.amount,
    available_on: world.clock.seconds() + AVAILABLE_AFTER_SECONDS,
    description: charge.description,
    fee,
    fee_details: [{ amount: fee, application: null, currency: 'usd', description: 'Stripe processing fees', type: 'stripe_fee' }],
    reporting_category: 'charge',
    source: charge.id,
    type: 'charge',
  });
}

/** Stripe does not give its fee back on a refund. */
export function refundBalanceTransaction(
  world: World,
  refundId: string,
  charge: Stripe.Charge,
  amountCents: number,
): Stripe.BalanceTransaction {
  return newBalanceTransaction(world, {
    amount: -amountCents,
    available_on: world.clock.seconds(),
    description: `REFUND FOR CHARGE${charge.description === null ? '' : ` (${charge.description})`}`,
    fee: 0,
    fee_details: [],
    reporting_category: 'refund',
    source: refundId,
    type: 'refund',
  });
}

/** Shows a pending transaction as available once the sandbox's clock reaches `available_on`. */
export const balanceTransactionAt = (transaction: Stripe.BalanceTransaction, seconds: number): Stripe.BalanceTransaction => ({
  ...transaction,
  status: transaction.available_on <= seconds ? 'available' : 'pending',
});
