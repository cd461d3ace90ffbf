import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idColumn, nano, zero } from '../columns';
import { priceUnits } from '../words';

export const grantStates = ['open', 'frozen', 'exhausted', 'ended', 'failed'] as const;

/** The right to burn an amount of one lot until a date. The gateway's authorize reads and writes this one row. */
export const grants = pgTable(
  'grants',
  {
    id: idColumn('grant')('id').primaryKey(),
    buyerId: idColumn('user')('buyer_id').notNull(),
    sellerId: idColumn('user')('seller_id').notNull(),
    transactionId: idColumn('transaction')('transaction_id').notNull().unique(),
    listingId: idColumn('listing')('listing_id').notNull(),
    provider: text('provider').notNull().default('replicate'),
    /** The secret of the token, updated when the seller replaces it. */
    secretId: idColumn('secret')('secret_id').notNull(),
    state: text('state', { enum: grantStates }).notNull(),
    stateReason: text('state_reason'),
    creditNano: nano('credit_nano').notNull(),
    availableNano: nano('available_nano').notNull(),
    authorizedNano: nano('authorized_nano').notNull().default(zero),
    capturedNano: nano('captured_nano').notNull().default(zero),
    returnedNano: nano('returned_nano').notNull().default(zero),
    /** The captured credit whose price the ledger has released to the seller. */
    vestedNano: nano('vested_nano').notNull().default(zero),
    /** Replicate throttled the lot's account: until then new runs prefer the wallet's other grants. */
    slowUntilAt: at('slow_until_at'),
    /** End of the burn window: the credit's expiry less 24 h. */
    endsAt: at('ends_at').notNull(),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (table) => [
    check(
      'grants_quantity',
      sql`${table.creditNano} = ${table.availableNano} + ${table.authorizedNano} + ${table.capturedNano} + ${table.returnedNano}`,
    ),
    check(
      'grants_not_negative',
      sql`${table.availableNano} >= 0 and ${table.authorizedNano} >= 0 and ${table.capturedNano} >= 0 and ${table.returnedNano} >= 0`,
    ),
    check('grants_vested', sql`${table.vestedNano} between 0 and ${table.capturedNano}`),
    index('grants_wallet')
      .on(table.buyerId, table.provider, table.endsAt, table.id)
      .where(sql`${table.state} = 'open'`),
    index('grants_buyer').on(table.buyerId, table.createdAt),
    index('grants_listing').on(table.listingId),
    index('grants_unvested')
      .on(table.id)
      .where(sql`${table.capturedNano} > ${table.vestedNano}`),
  ],
);

export const accessKeys = pgTable(
  'access_keys',
  {
    id: idColumn('accessKey')('id').primaryKey(),
    buyerId: idColumn('user')('buyer_id').notNull(),
    name: text('name').notNull(),
    /** SHA-256 of the key. */
    hash: text('hash').notNull().unique(),
    lastFour: text('last_four').notNull(),
    /** The encrypted key, visible to its owner until saved, for at most 24 h. */
    secretId: idColumn('secret')('secret_id'),
    capNano: nano('cap_nano'),
    /** Burned or reserved on `spentDay` (UTC, yyyy-mm-dd), compared with the daily cap. */
    spentNano: nano('spent_nano').notNull().default(zero),
    spentDay: text('spent_day').notNull().default(''),
    createdAt: at('created_at').notNull(),
    visibleUntilAt: at('visible_until_at'),
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (table) => [index('access_keys_buyer').on(table.buyerId, table.createdAt)],
);

export const runStates = ['authorized', 'unknown', 'captured', 'voided'] as const;

/** One prediction through the gateway. */
export const runs = pgTable(
  'runs',
  {
    buyerId: idColumn('user')('buyer_id').notNull(),
    id: idColumn('run')('id').notNull(),
    grantId: idColumn('grant')('grant_id').notNull(),
    accessKeyId: idColumn('accessKey')('access_key_id'),
    listingId: idColumn('listing')('listing_id').notNull(),
    secretId: idColumn('secret')('secret_id').notNull(),
    model: text('model').notNull(),
    version: text('version').notNull(),
    priceId: idColumn('price')('price_id').notNull(),
    state: text('state', { enum: runStates }).notNull(),
    authorizedNano: nano('authorized_nano').notNull(),
    capturedNano: nano('captured_nano').notNull().default(zero),
    /** Cost of the output that the buyer has seen: the least that a canceled run is charged. */
    deliveredNano: nano('delivered_nano').notNull().default(zero),
    /** Captured by an estimate, without metrics. */
    estimated: boolean('estimated').notNull().default(false),
    /** Replicate's id of the prediction. The buyer sees it too. */
    upstreamId: text('upstream_id'),
    upstreamStatus: text('upstream_status'),
    /** Facts that select the price: tier and hardware. */
    priceFacts: jsonb('price_facts').$type<Record<string, string | number | boolean>>().notNull().default({}),
    metrics: jsonb('metrics').$type<Record<string, number>>(),
    /**
     * The final answer as JSON text, for polls. Deleted after an hour, as at Replicate. Not `jsonb`, which refuses some texts that
     * models write.
     */
    finalBody: text('final_body'),
    idempotencyKey: text('idempotency_key'),
    /** Of model and input. Finds the run in Replicate's list, and for a client that repeats a create. */
    bodyHash: text('body_hash'),
    /** The client left before our answer to its create: the same body within 10 s gets this run. */
    answerLostAt: at('answer_lost_at'),
    deadlineAt: at('deadline_at').notNull(),
    nextCheckAt: at('next_check_at'),
    checks: integer('checks').notNull().default(0),
    createdAt: at('created_at').notNull(),
    settledAt: at('settled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.buyerId, table.id] }),
    uniqueIndex('runs_id').on(table.id),
    index('runs_upstream')
      .on(table.upstreamId)
      .where(sql`${table.upstreamId} is not null`),
    uniqueIndex('runs_idempotency')
      .on(table.buyerId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
    index('runs_grant').on(table.grantId, table.createdAt),
    index('runs_answer_lost')
      .on(table.accessKeyId, table.bodyHash)
      .where(sql`${table.answerLostAt} is not null`),
    index('runs_unsettled')
      .on(table.nextCheckAt)
      .where(sql`${table.state} in ('authorized', 'unknown')`),
    check('runs_captured', sql`${table.capturedNano} between 0 and ${table.authorizedNano}`),
  ],
);

/** Cost at the provider that no buyer pays: above the authorization, or canceled runs without a metric. */
export const exposures = pgTable(
  'exposures',
  {
    id: idColumn('exposure')('id').primaryKey(),
    buyerId: idColumn('user')('buyer_id').notNull(),
    runId: idColumn('run')('run_id').notNull(),
    listingId: idColumn('listing')('listing_id').notNull(),
    amountNano: nano('amount_nano').notNull(),
    reason: text('reason').notNull(),
    /** For admins: the model that Replicate answered with instead. */
    detail: text('detail'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('exposures_buyer').on(table.buyerId, table.createdAt), index('exposures_newest').on(table.createdAt, table.id)],
);

/** The price book: dated rows that are never edited. */
export const prices = pgTable(
  'prices',
  {
    id: idColumn('price')('id').primaryKey(),
    provider: text('provider').notNull().default('replicate'),
    /** "owner/name". */
    model: text('model').notNull(),
    unit: text('unit', { enum: priceUnits }).notNull(),
    /** Tiers, dearest first: each with its condition and nano-USD per unit, as decimal strings (JSON has no bigint). */
    tiers: jsonb('tiers').$type<{ when: Record<string, string | boolean>; unitNano: string; outputUnitNano?: string }[]>().notNull(),
    hardware: text('hardware'),
    source: text('source').notNull(),
    seen: text('seen').notNull(),
    validFrom: at('valid_from').notNull(),
  },
  (table) => [uniqueIndex('prices_model').on(table.provider, table.model, table.validFrom)],
);

/** Versions of priced public models that can be run. */
export const modelVersions = pgTable(
  'model_versions',
  {
    provider: text('provider').notNull().default('replicate'),
    version: text('version').notNull(),
    model: text('model').notNull(),
    official: boolean('official').notNull().default(false),
    inputSchema: jsonb('input_schema').$type<Record<string, unknown>>().notNull(),
    latest: boolean('latest').notNull(),
    seenAt: at('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.version] }), index('model_versions_model').on(table.provider, table.model)],
);

/**
 * Credit burned per buyer, lot, model and day, for charts. Written with each capture. `counted` is the part that listings and profiles
 * include; count-burns adds the rest.
 */
export const dailyBurns = pgTable(
  'daily_burns',
  {
    day: text('day').notNull(),
    buyerId: idColumn('user')('buyer_id').notNull(),
    listingId: idColumn('listing')('listing_id').notNull(),
    model: text('model').notNull(),
    sellerId: idColumn('user')('seller_id').notNull(),
    burnedNano: nano('burned_nano').notNull(),
    countedNano: nano('counted_nano').notNull().default(zero),
    runs: bigint('runs', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.buyerId, table.day, table.listingId, table.model] }),
    index('daily_burns_listing').on(table.listingId, table.day),
    index('daily_burns_uncounted')
      .on(table.sellerId)
      .where(sql`${table.burnedNano} <> ${table.countedNano}`),
    check('daily_burns_counted', sql`${table.countedNano} between 0 and ${table.burnedNano}`),
  ],
);
