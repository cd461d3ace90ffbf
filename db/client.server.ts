import { setTimeout as sleep } from 'node:timers/promises';
import { PgDialect, type PreparedQueryConfig } from 'drizzle-orm/pg-core';
import { drizzle, PostgresJsDatabase, PostgresJsSession } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Db } from '~/platform/context';
import { isLostConnection } from '~/platform/lost-connection';

export interface Database {
  db: Db;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  max?: number;
  prepare?: boolean;
  /** For tests: receives each statement with its connection's number. */
  onStatement?: ((connection: number, text: string) => void) | undefined;
}

/**
 * Connects drizzle to Postgres. Works behind a transaction pooler if `prepare` is off. Do not share this connection with raw clients:
 * drizzle changes how JSON and dates are read.
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const client = postgres(url, {
    max: options.max ?? 12,
    prepare: options.prepare ?? true,
    onnotice: () => undefined,
    // Else a connection that breaks while it is being set up rejects unheard in postgres 3.4, which ends the process. We select no arrays.
    fetch_types: false,
    ...(options.onStatement ? { debug: options.onStatement } : {}),
    connection: { application_name: 'credit-mart', statement_timeout: 15_000, idle_in_transaction_session_timeout: 30_000 },
  });
  // Makes the client read JSON and dates as drizzle's columns expect.
  drizzle(client);
  return { db: connect(client, (work) => client.begin(work)), close: () => client.end({ timeout: 5 }) };
}

/** A comment in a statement whose best plan depends on its values: it is not prepared, since a generic plan may read the whole table. */
export const PLAN_ANEW = '/* planned for its values */';

/** Whether the driver prepares a statement. Planning our longer statements costs more than running them. */
export function isPrepared(text: string, params: readonly unknown[]): boolean {
  return params.length > 0 && !text.includes(PLAN_ANEW);
}

type NoSchema = Record<string, never>;
type Connection = postgres.ISql;
/** Runs work on one connection between begin and commit. */
type Begin = (work: (connection: postgres.TransactionSql) => Promise<unknown>) => Promise<unknown>;

const dialect = new PgDialect();

/** A drizzle session whose statements are all prepared: drizzle itself prepares only those that have a name. */
class PreparingSession extends PostgresJsSession<postgres.Sql, NoSchema, NoSchema> {
  override prepareQuery<T extends PreparedQueryConfig>(
    ...[query, fields, , ...rest]: Parameters<PostgresJsSession<postgres.Sql, NoSchema, NoSchema>['prepareQuery']>
  ) {
    return super.prepareQuery<T>(query, fields, isPrepared(query.sql, query.params) ? 'prepared' : undefined, ...rest);
  }
}

/** The outermost transaction of a connection; over once the caller has its result. */
interface Outermost {
  over: boolean;
}

/** Longer than the driver takes to report a closed connection to the caller. */
const CLOSE_REPORT_MS = 1_000;

/**
 * Keeps the driver from rolling back on a connection that is gone: postgres 3.4.9 then writes to a closed socket, which ends the process,
 * or to the connection that another transaction has by now. The driver rejects the caller by itself when the connection closes.
 */
async function holdBackRollback(outermost: Outermost): Promise<void> {
  await sleep(CLOSE_REPORT_MS);
  if (outermost.over) await new Promise<never>(() => undefined);
}

/** Drizzle on a connection, with the driver's templates as `sql`; a transaction gets the same on its own connection. */
function connect(sql: Connection, begin: Begin, outer?: Outermost): Db {
  // A session only sends statements, which the pool and the connection of a transaction do alike.
  const session = new PreparingSession(sql as postgres.Sql, dialect, undefined);
  const transaction = async <T>(work: (tx: Db) => Promise<T>): Promise<T> => {
    const results: T[] = [];
    const outermost = outer ?? { over: false };
    try {
      await begin(async (connection) => {
        try {
          results.push(await work(connect(connection, (inner) => connection.savepoint(inner), outermost)));
        } catch (error) {
          if (isLostConnection(error)) await holdBackRollback(outermost);
          throw error;
        }
      });
    } finally {
      if (!outer) outermost.over = true;
    }
    return results[0] as T;
  };
  return Object.assign(new PostgresJsDatabase<NoSchema>(dialect, session, undefined), { sql, transaction });
}
