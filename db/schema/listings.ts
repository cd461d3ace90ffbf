import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idColumn, nano, zero } from '../columns';
import { listingStates } from '../words';

/** Encrypted secrets. Only app/modules/vault reads `ciphertext`. */
export const secrets = pgTable('secrets', {
  id: idColumn('secret')('id').primaryKey(),
  /** Null once destroyed. */
  ciphertext: text('ciphertext'),
  keyId: text('key_id').notNull(),
  /** Authenticated with the ciphertext: the place that may open it, such as "listings/lst_…". */
  boundTo: text('bound_to').notNull(),
  /** HMAC of the plaintext under its own key: finds equal secrets without decrypting. */
  fingerprint: text('fingerprint').notNull(),
  createdAt: at('created_at').notNull(),
  destroyedAt: at('destroyed_at'),
});

export const listings = pgTable(
  'listings',
  {
    id: idColumn('listing')('id').primaryKey(),
    sellerId: idColumn('user')('seller_id').notNull(),
    provider: text('provider').notNull().default('replicate'),
    providerAccountId: idColumn('providerAccount')('provider_account_id').notNull(),
    secretId: idColumn('secret')('secret_id'),
    state: text('state', { enum: listingStates }).notNull(),
    /** Why it is paused or suspended, and whether only a passed re-check ends that. */
    stateReason: text('state_reason'),
    pausedBy: text('paused_by', { enum: ['seller', 'system'] }),
    /** The declared balance. `listed` is what may be sold of it: face value less the tail guard. */
    faceNano: nano('face_nano').notNull(),
    tailNano: nano('tail_nano').notNull(),
    listedNano: nano('listed_nano').notNull(),
    /** A higher face value that waits for an admin (raise-machine.ts). No quantity includes it yet. */
    raiseToNano: nano('raise_to_nano'),
    availableNano: nano('available_nano').notNull(),
    reservedNano: nano('reserved_nano').notNull().default(zero),
    soldNano: nano('sold_nano').notNull().default(zero),
    withdrawnNano: nano('withdrawn_nano').notNull().default(zero),
    /** Burned by buyers and counted by count-burns. */
    burnedNano: nano('burned_nano').notNull().default(zero),
    minNano: nano('min_nano').notNull(),
    discountBps: integer('discount_bps').notNull(),
    /** Increases with each price change. */
    priceVersion: integer('price_version').notNull().default(1),
    creditExpiresAt: at('credit_expires_at').notNull(),
    /** What is verified about the lot (modules/listings/levels.ts); follows the seller's profile. */
    level: integer('level').notNull().default(1),
    /**
     * On the market: active, and the rest costs at least what a card can pay (50 cents). A column, so that partial indexes need no
     * update when quantity is reserved.
     */
    onSale: boolean('on_sale')
      .notNull()
      .generatedAlwaysAs(sql`state = 'active' and available_nano::numeric * (10000 - discount_bps) >= 5000000000000`),
    /** The policy version at submission. */
    policyVersion: integer('policy_version').notNull(),
    // Copies of the seller's public facts, so that browsing needs no join.
    sellerName: text('seller_name').notNull(),
    sellerSince: at('seller_since').notNull(),
    sellerBurnedNano: nano('seller_burned_nano').notNull().default(zero),
    sellerFailedLots: integer('seller_failed_lots').notNull().default(0),
    /** When the last wait for an admin began: submitted, answered, or a raise requested. */
    submittedAt: at('submitted_at'),
    publishedAt: at('published_at'),
    pausedAt: at('paused_at'),
    /** Set by a failed check: the seller's deadline to mend it (24 h). */
    mendUntilAt: at('mend_until_at'),
    /** Replicate reported a lack of credit, and no run of ours has succeeded since. */
    creditDoubtedAt: at('credit_doubted_at'),
    /** The deadline of the first credit failure in a row; repeats do not extend it. */
    creditMendUntilAt: at('credit_mend_until_at'),
    endedAt: at('ended_at'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    check(
      'listings_quantity',
      sql`${table.listedNano} = ${table.availableNano} + ${table.reservedNano} + ${table.soldNano} + ${table.withdrawnNano}`,
    ),
    check(
      'listings_not_negative',
      sql`${table.availableNano} >= 0 and ${table.reservedNano} >= 0 and ${table.soldNano} >= 0 and ${table.withdrawnNano} >= 0`,
    ),
    check('listings_face', sql`${table.faceNano} = ${table.listedNano} + ${table.tailNano} and ${table.tailNano} >= 0`),
    check(
      'listings_raise',
      sql`${table.raiseToNano} is null or (${table.raiseToNano} > ${table.faceNano} and ${table.state} in ('active', 'paused', 'suspended'))`,
    ),
    check('listings_level', sql`${table.level} in (1, 4)`),
    check('listings_discount', sql`${table.discountBps} between 0 and 10000`),
    check(
      'listings_state',
      sql`${table.state} in ('draft','in_review','needs_info','rejected','active','paused','suspended','failed','withdrawn','expired')`,
    ),
    // One index per sort order of the market's pages.
    index('listings_market')
      .on(table.provider, table.discountBps.desc(), table.id)
      .where(sql`${table.onSale}`),
    index('listings_largest')
      .on(table.provider, table.availableNano.desc(), table.id)
      .where(sql`${table.onSale}`),
    index('listings_latest')
      .on(table.provider, table.creditExpiresAt.desc(), table.id)
      .where(sql`${table.onSale}`),
    index('listings_seller').on(table.sellerId, table.createdAt),
    index('listings_waiting')
      .on(table.submittedAt)
      .where(sql`${table.state} = 'in_review' or ${table.raiseToNano} is not null`),
  ],
);

/** Every decision and answer on a listing, in order. */
export const listingReviews = pgTable(
  'listing_reviews',
  {
    id: idColumn('review')('id').primaryKey(),
    listingId: idColumn('listing')('listing_id')
      .notNull()
      .references(() => listings.id),
    actorId: idColumn('user')('actor_id'),
    step: text('step').notNull(),
    reasonCode: text('reason_code'),
    note: text('note'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('listing_reviews_listing').on(table.listingId, table.createdAt)],
);

export const priceChanges = pgTable(
  'price_changes',
  {
    id: idColumn('event')('id').primaryKey(),
    listingId: idColumn('listing')('listing_id')
      .notNull()
      .references(() => listings.id),
    fromBps: integer('from_bps').notNull(),
    toBps: integer('to_bps').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('price_changes_listing').on(table.listingId, table.createdAt)],
);

/** One check of a lot. */
export const attestations = pgTable(
  'attestations',
  {
    id: idColumn('attestation')('id').primaryKey(),
    listingId: idColumn('listing')('listing_id')
      .notNull()
      .references(() => listings.id),
    kind: text('kind', { enum: ['token', 'foreign_spend', 'run'] }).notNull(),
    passed: integer('passed').notNull(),
    finding: text('finding'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('attestations_listing').on(table.listingId, table.createdAt)],
);

export const probeStates = ['waiting', 'running', 'passed', 'refused', 'dropped'] as const;

/** A small run with a lot's token that shows whether its account has credit. The market pays for it. */
export const probes = pgTable(
  'probes',
  {
    sellerId: idColumn('user')('seller_id').notNull(),
    id: idColumn('probe')('id').notNull(),
    listingId: idColumn('listing')('listing_id').notNull(),
    state: text('state', { enum: probeStates }).notNull(),
    /** How often Replicate answered with its text for low credit. */
    refusals: integer('refusals').notNull().default(0),
    model: text('model'),
    priceId: idColumn('price')('price_id'),
    predictionId: text('prediction_id'),
    costNano: nano('cost_nano').notNull().default(zero),
    /** Why it was refused. */
    reason: text('reason'),
    nextAt: at('next_at').notNull(),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.sellerId, table.id] }),
    uniqueIndex('probes_one_open')
      .on(table.sellerId, table.listingId)
      .where(sql`${table.state} in ('waiting', 'running')`),
    index('probes_due')
      .on(table.nextAt)
      .where(sql`${table.state} in ('waiting', 'running')`),
    index('probes_listing').on(table.listingId, table.createdAt),
    check('probes_cost', sql`${table.costNano} >= 0`),
  ],
);

/** Quantity set aside. No foreign key to the checkout: they may live on different shards (docs/design.md#growing-past-one-machine). */
export const reservations = pgTable(
  'reservations',
  {
    id: idColumn('reservation')('id').primaryKey(),
    listingId: idColumn('listing')('listing_id')
      .notNull()
      .references(() => listings.id),
    checkoutId: idColumn('checkout')('checkout_id').notNull(),
    creditNano: nano('credit_nano').notNull(),
    state: text('state', { enum: ['live', 'sold', 'given_back'] }).notNull(),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (table) => [
    uniqueIndex('reservations_checkout_listing').on(table.checkoutId, table.listingId),
    index('reservations_live')
      .on(table.createdAt)
      .where(sql`${table.state} = 'live'`),
    check('reservations_amount', sql`${table.creditNano} > 0`),
  ],
);

export const offerStates = ['open', 'accepted', 'declined', 'withdrawn', 'expired', 'purchased', 'lapsed'] as const;

export const offers = pgTable(
  'offers',
  {
    id: idColumn('offer')('id').primaryKey(),
    listingId: idColumn('listing')('listing_id')
      .notNull()
      .references(() => listings.id),
    sellerId: idColumn('user')('seller_id').notNull(),
    buyerId: idColumn('user')('buyer_id').notNull(),
    creditNano: nano('credit_nano').notNull(),
    discountBps: integer('discount_bps').notNull(),
    message: text('message'),
    state: text('state', { enum: offerStates }).notNull(),
    expiresAt: at('expires_at').notNull(),
    /** Set on acceptance: the checkout at this price, open until `payUntilAt`. */
    checkoutId: idColumn('checkout')('checkout_id'),
    payUntilAt: at('pay_until_at'),
    createdAt: at('created_at').notNull(),
    decidedAt: at('decided_at'),
  },
  (table) => [
    index('offers_seller').on(table.sellerId, table.createdAt),
    index('offers_buyer').on(table.buyerId, table.createdAt),
    uniqueIndex('offers_one_open')
      .on(table.buyerId, table.listingId)
      .where(sql`${table.state} = 'open'`),
    index('offers_open')
      .on(table.expiresAt)
      .where(sql`${table.state} in ('open', 'accepted')`),
    check('offers_amount', sql`${table.creditNano} > 0 and ${table.discountBps} between 0 and 10000`),
  ],
);

export const offerEvents = pgTable(
  'offer_events',
  {
    id: idColumn('event')('id').primaryKey(),
    offerId: idColumn('offer')('offer_id')
      .notNull()
      .references(() => offers.id),
    kind: text('kind').notNull(),
    actorId: idColumn('user')('actor_id'),
    facts: jsonb('facts').$type<Record<string, string>>().notNull().default({}),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('offer_events_offer').on(table.offerId, table.createdAt)],
);
