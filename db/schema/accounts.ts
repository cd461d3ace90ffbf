import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, citext, idColumn, nano, zero } from '../columns';

export const users = pgTable('users', {
  id: idColumn('user')('id').primaryKey(),
  email: citext('email').notNull().unique(),
  name: text('name').notNull(),
  role: text('role', { enum: ['user', 'admin'] })
    .notNull()
    .default('user'),
  verifiedAt: at('verified_at'),
  suspendedAt: at('suspended_at'),
  createdAt: at('created_at').notNull(),
});

/** A seller's public facts; the commands that change them copy them to the seller's listings. */
export const sellerProfiles = pgTable('seller_profiles', {
  userId: idColumn('user')('user_id')
    .primaryKey()
    .references(() => users.id),
  publicName: text('public_name').notNull(),
  /** Burned on lots of this seller that did not fail. */
  burnedNano: nano('burned_nano').notNull().default(zero),
  failedLots: integer('failed_lots').notNull().default(0),
  seasonedAt: at('seasoned_at'),
  createdAt: at('created_at').notNull(),
});

/** Not a column of `users`, so that no query that reads a user can read a hash. */
export const passwordHashes = pgTable('password_hashes', {
  userId: idColumn('user')('user_id')
    .primaryKey()
    .references(() => users.id),
  hash: text('hash').notNull(),
  changedAt: at('changed_at').notNull(),
});

export const signInSessions = pgTable(
  'sign_in_sessions',
  {
    /** SHA-256 of the cookie's value. */
    id: text('id').primaryKey(),
    userId: idColumn('user')('user_id')
      .notNull()
      .references(() => users.id),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('sign_in_sessions_user').on(table.userId)],
);

/** Browsers that have signed in to an account. Wrong passwords of strangers do not lock these out. */
export const knownBrowsers = pgTable(
  'known_browsers',
  {
    userId: idColumn('user')('user_id')
      .notNull()
      .references(() => users.id),
    /** SHA-256 of the browser's cookie. */
    browserHash: text('browser_hash').notNull(),
    /** The last successful sign-in. */
    seenAt: at('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.browserHash] })],
);

export const mailLinks = pgTable('mail_links', {
  /** SHA-256 of the link's token. */
  hash: text('hash').primaryKey(),
  purpose: text('purpose', { enum: ['verify', 'reset', 'invite'] }).notNull(),
  userId: idColumn('user')('user_id').references(() => users.id),
  email: citext('email').notNull(),
  /** SHA-256 of the requesting browser's cookie; the link signs in only that browser. */
  browserHash: text('browser_hash'),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** What a visitor typed into a form before signing in, for the way back to its page. Never a secret. */
export const keptForms = pgTable(
  'kept_forms',
  {
    /** SHA-256 of the token that stands in the page's address. */
    hash: text('hash').primaryKey(),
    /** The page that may show it again. */
    path: text('path').notNull(),
    fields: jsonb('fields').$type<Record<string, string>>().notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('kept_forms_expiry').on(table.expiresAt), check('kept_forms_size', sql`octet_length(${table.fields}::text) <= 4096`)],
);

export const termsAcceptances = pgTable(
  'terms_acceptances',
  {
    userId: idColumn('user')('user_id')
      .notNull()
      .references(() => users.id),
    version: text('version').notNull(),
    occasion: text('occasion', { enum: ['sign_up', 'checkout', 'listing'] }).notNull(),
    acceptedAt: at('accepted_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.occasion, table.acceptedAt] })],
);

/** One account at a provider, as its own API describes it. At most one listing at a time stands on it. */
export const providerAccounts = pgTable(
  'provider_accounts',
  {
    id: idColumn('providerAccount')('id').primaryKey(),
    sellerId: idColumn('user')('seller_id').notNull(),
    provider: text('provider').notNull(),
    username: text('username').notNull(),
    name: text('name'),
    githubUrl: text('github_url'),
    accountType: text('account_type').notNull(),
    backingListingId: idColumn('listing')('backing_listing_id'),
    checkedAt: at('checked_at').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('provider_accounts_one_per_seller').on(table.sellerId, table.provider, table.username),
    uniqueIndex('provider_accounts_one_listing')
      .on(table.provider, table.username)
      .where(sql`${table.backingListingId} is not null`),
  ],
);

/** The counters of rate-limiter-flexible. */
export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  points: integer('points').notNull().default(0),
  expire: at('expire'),
});

export const mailOutbox = pgTable(
  'mail_outbox',
  {
    id: idColumn('mail')('id').primaryKey(),
    recipient: citext('recipient').notNull(),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    html: text('html').notNull(),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    failure: text('failure'),
  },
  (table) => [index('mail_outbox_newest').on(table.createdAt.desc())],
);
