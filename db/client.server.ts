import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Db } from '~/platform/context';

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
  const queries = (options.prepare ?? true) ? preparing(client) : client;
  return { db: drizzle(queries), close: () => client.end({ timeout: 5 }) };
}

/** A comment in a statement whose best plan hangs on its values: it is planned each time, since a plan for all values may read the whole table. */
export const PLAN_ANEW = '/* planned for its values */';

type Begin = (work: (transaction: postgres.TransactionSql) => unknown) => Promise<unknown>;

/**
 * The same client, whose every statement with parameters is prepared once per connection: planning our longer statements costs more than
 * running them, and drizzle prepares only what is given a name. Values never stand in the text, so there are few different statements.
 */
function preparing<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  return new Proxy(client, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      if (name === 'unsafe') {
        return (text: string, params: never[] = []) =>
          target.unsafe(text, params, { prepare: params.length > 0 && !text.includes(PLAN_ANEW) });
      }
      if (name === 'begin' || name === 'savepoint')
        return (work: (tx: postgres.TransactionSql) => unknown) => (member as Begin)((tx) => work(preparing(tx)));
      return member;
    },
  });
}
