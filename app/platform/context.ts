import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { ISql as Sql } from 'postgres';
import type { Logger } from 'pino';
import { DomainError, notFound } from './errors';
import type { UserId } from './ids';

/** Drizzle on the pool, or on the connection of an atomic block. */
export interface Db extends Omit<PostgresJsDatabase<Record<string, never>>, 'transaction'> {
  /** The driver on the same connection, for hot statements written as templates. It prepares them. */
  readonly sql: Sql;
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
}

/** Who acts. `system` is a job or a webhook; `visitor` is nobody signed in. */
export type Actor =
  | { kind: 'visitor' }
  | { kind: 'user'; userId: UserId; email: string; name: string; role: 'user' | 'admin'; verified: boolean }
  | { kind: 'system'; name: string };

/** The outside world. Each module that needs a part of it adds its port here by declaration merging; services.server.ts fills them in. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the modules
export interface Ports {}

export interface Config {
  /** Absolute origin for links in mail and payment pages, without a trailing slash. Never taken from a Host header. */
  publicUrl: string;
  mode: 'demo' | 'production' | 'test';
  /** Where people write to this market. */
  contactEmail: string;
}

/** All that a command may use of the world. `inAtomic` tells whether `db` is an open database transaction. */
export interface Ctx {
  actor: Actor;
  now: Date;
  db: Db;
  inAtomic: boolean;
  log: Logger;
  ports: Ports;
  config: Config;
}

/**
 * Runs a block in one database transaction, or joins the one it is called in. A throw rolls everything back. Independent single
 * statements may be sent with Promise.all to save round trips. Never do so with steps of several statements: one could continue after
 * another has failed and ended the block.
 */
export async function atomic<T>(ctx: Ctx, block: (tx: Ctx) => Promise<T>): Promise<T> {
  if (ctx.inAtomic) return block(ctx);
  return ctx.db.transaction((db) => block({ ...ctx, db, inAtomic: true }));
}

/** The same context with the actor `system`, for jobs, webhooks and automatic steps. */
export function asSystem(ctx: Ctx, name: string): Ctx {
  return { ...ctx, actor: { kind: 'system', name } };
}

/** The id of the signed-in user; 401 for a visitor. */
export function requireUser(ctx: Ctx): UserId {
  if (ctx.actor.kind !== 'user') throw new DomainError('sign_in', 'Sign in to do that.', 401);
  return ctx.actor.userId;
}

/** Buying and selling need a verified address. */
export function requireVerifiedUser(ctx: Ctx): UserId {
  const userId = requireUser(ctx);
  if (ctx.actor.kind === 'user' && !ctx.actor.verified) {
    throw new DomainError('unverified', 'Open the link we mailed you first: buying and selling need a verified address.', 403);
  }
  return userId;
}

/** The id of the signed-in admin. @throws DomainError 404 for anyone else. */
export function requireAdmin(ctx: Ctx): UserId {
  if (ctx.actor.kind !== 'user' || ctx.actor.role !== 'admin') throw notFound();
  return ctx.actor.userId;
}
