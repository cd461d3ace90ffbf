import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, cents, idColumn, nano, zero } from '../columns';

export const checkoutStates = ['starting', 'open', 'paid', 'expired', 'canceled'] as const;

/** One payment. `starting` until Stripe has returned a session. */
export const checkouts = pgTable(
  'checkouts',
  {
    id: idColumn('checkout')('id').primaryKey(),
    buyerId: idColumn('user')('buyer_id').notNull(),
    state: text('state', { enum: checkoutStates }).notNull(),
    totalCents: cents('total_cents').notNull(),
    offerId: idColumn('offer')('offer_id'),
    /** From the buy form: a double click sends the same token and gets the same checkout. */
    formToken: text('form_token').notNull(),
    /** A hash of the buyer's network; null if unknown. */
    network: text('network'),
    stripeSessionId: text('stripe_session_id').unique(),
    stripeUrl: text('stripe_url'),
    /** The parameters for Stripe: a retry sends exactly the same. */
    stripeParams: jsonb('stripe_params').$type<Record<string, unknown>>(),
    expiresAt: at('expires_at').notNull(),
    paidAt: at('paid_at'),
    endedAt: at('ended_at'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('checkouts_form').on(table.buyerId, table.formToken),
    index('checkouts_waiting')
      .on(table.createdAt)
      .where(sql`${table.state} in ('starting', 'open')`),
    index('checkouts_unpaid')
      .on(table.buyerId, table.endedAt)
      .where(sql`${table.state} <> 'paid'`),
    index('checkouts_network')
      .on(table.network)
      .where(sql`${table.state} in ('starting', 'open')`),
    check('checkouts_total', sql`${table.totalCents} > 0`),
  ],
);

export const transactionStates = [
  'awaiting_payment',
  'delivered',
  'expired',
  'canceled',
  'frozen',
  'completed',
  'refunded',
  'covered',
] as const;

export const transactions = pgTable(
  'transactions',
  {
    id: idColumn('transaction')('id').primaryKey(),
    checkoutId: idColumn('checkout')('checkout_id')
      .notNull()
      .references(() => checkouts.id),
    buyerId: idColumn('user')('buyer_id').notNull(),
    sellerId: idColumn('user')('seller_id').notNull(),
    listingId: idColumn('listing')('listing_id').notNull(),
    state: text('state', { enum: transactionStates }).notNull(),
    creditNano: nano('credit_nano').notNull(),
    discountBps: integer('discount_bps').notNull(),
    priceCents: cents('price_cents').notNull(),
    feeCents: cents('fee_cents').notNull(),
    sellerTotalCents: cents('seller_total_cents').notNull(),
    /** The policy version that fixed rounding and fee. */
    policyVersion: integer('policy_version').notNull(),
    creditExpiresAt: at('credit_expires_at').notNull(),
    /** Known once paid: the end of the burn window, or 60 days after the payment if earlier. */
    settlementAt: at('settlement_at'),
    refundedCents: cents('refunded_cents').notNull().default(zero),
    releasedSellerCents: cents('released_seller_cents').notNull().default(zero),
    releasedFeeCents: cents('released_fee_cents').notNull().default(zero),
    /** Added by the platform, because Stripe refunded more than was unburned. */
    lostCents: cents('lost_cents').notNull().default(zero),
    /** Credit that returned to its listing after a refund. */
    givenBackNano: nano('given_back_nano').notNull().default(zero),
    /** Why its unburned part will be refunded. The refund waits for open runs. */
    closingReason: text('closing_reason'),
    /** When and to which text the buyer agreed to immediate use. Null on an accepted offer until its buyer comes to pay. */
    useConsentAt: at('use_consent_at'),
    useConsentVersion: text('use_consent_version'),
    /** When the buyer withdrew from the contract, within the legal period. */
    withdrawnAt: at('withdrawn_at'),
    createdAt: at('created_at').notNull(),
    deliveredAt: at('delivered_at'),
    endedAt: at('ended_at'),
  },
  (table) => [
    check('transactions_split', sql`${table.priceCents} = ${table.feeCents} + ${table.sellerTotalCents}`),
    check(
      'transactions_out',
      sql`${table.refundedCents} + ${table.releasedSellerCents} + ${table.releasedFeeCents} <= ${table.priceCents} + ${table.lostCents}`,
    ),
    check('transactions_use_consent', sql`(${table.useConsentAt} is null) = (${table.useConsentVersion} is null)`),
    check('transactions_lost', sql`${table.lostCents} between 0 and ${table.refundedCents}`),
    check('transactions_given_back', sql`${table.givenBackNano} between 0 and ${table.creditNano}`),
    index('transactions_buyer').on(table.buyerId, table.createdAt),
    index('transactions_seller').on(table.sellerId, table.createdAt),
    index('transactions_checkout').on(table.checkoutId),
    index('transactions_listing').on(table.listingId),
    index('transactions_settling')
      .on(table.settlementAt)
      .where(sql`${table.state} = 'delivered'`),
    index('transactions_closing')
      .on(table.id)
      .where(sql`${table.closingReason} is not null and ${table.state} = 'frozen'`),
  ],
);

/** A transaction's events, for its timeline. */
export const transactionEvents = pgTable(
  'transaction_events',
  {
    id: idColumn('event')('id').primaryKey(),
    transactionId: idColumn('transaction')('transaction_id')
      .notNull()
      .references(() => transactions.id),
    kind: text('kind').notNull(),
    sentence: text('sentence').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('transaction_events_transaction').on(table.transactionId, table.createdAt)],
);

/** One successful Stripe payment. */
export const payments = pgTable('payments', {
  id: idColumn('payment')('id').primaryKey(),
  checkoutId: idColumn('checkout')('checkout_id')
    .notNull()
    .unique()
    .references(() => checkouts.id),
  buyerId: idColumn('user')('buyer_id').notNull(),
  stripePaymentIntentId: text('stripe_payment_intent_id').notNull().unique(),
  stripeChargeId: text('stripe_charge_id').unique(),
  amountCents: cents('amount_cents').notNull(),
  stripeFeeCents: cents('stripe_fee_cents'),
  /** For receipts: refunds go back to this card. */
  cardLastFour: text('card_last_four'),
  paidAt: at('paid_at').notNull(),
});

export const refunds = pgTable(
  'refunds',
  {
    id: idColumn('refund')('id').primaryKey(),
    paymentId: idColumn('payment')('payment_id')
      .notNull()
      .references(() => payments.id),
    transactionId: idColumn('transaction')('transaction_id')
      .notNull()
      .references(() => transactions.id),
    buyerId: idColumn('user')('buyer_id').notNull(),
    amountCents: cents('amount_cents').notNull(),
    reason: text('reason').notNull(),
    /** `withdrawn`: not sent to Stripe, since a refund made in its Dashboard replaced it. */
    state: text('state', { enum: ['requested', 'succeeded', 'failed', 'withdrawn'] }).notNull(),
    stripeRefundId: text('stripe_refund_id').unique(),
    /** How often Stripe refused it, the last reason, and the next retry. A refund with a reason needs a person. */
    refusals: integer('refusals').notNull().default(0),
    refusal: text('refusal'),
    nextTryAt: at('next_try_at'),
    createdAt: at('created_at').notNull(),
    settledAt: at('settled_at'),
  },
  (table) => [
    index('refunds_waiting')
      .on(table.createdAt)
      .where(sql`${table.state} = 'requested'`),
    index('refunds_transaction').on(table.transactionId),
    check('refunds_amount', sql`${table.amountCents} > 0`),
  ],
);

/** Inbox: every verified Stripe event, once. */
export const stripeEvents = pgTable(
  'stripe_events',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    objectId: text('object_id').notNull(),
    receivedAt: at('received_at').notNull(),
    processedAt: at('processed_at'),
  },
  (table) => [
    index('stripe_events_received').on(table.receivedAt),
    index('stripe_events_unprocessed')
      .on(table.receivedAt)
      .where(sql`${table.processedAt} is null`),
  ],
);

/** Outbox: every changing call to Stripe, with the only parameters of its key. */
export const stripeCalls = pgTable(
  'stripe_calls',
  {
    idempotencyKey: text('idempotency_key').primaryKey(),
    operation: text('operation').notNull(),
    params: jsonb('params').$type<Record<string, unknown>>().notNull(),
    outcome: text('outcome', { enum: ['pending', 'done', 'not_done', 'unknown'] }).notNull(),
    stripeId: text('stripe_id'),
    failure: text('failure'),
    attempts: integer('attempts').notNull().default(0),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    index('stripe_calls_unsettled')
      .on(table.createdAt)
      .where(sql`${table.outcome} in ('pending', 'unknown')`),
  ],
);
