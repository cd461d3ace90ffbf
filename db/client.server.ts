import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Db } from '~/platform/context';

export interface Database {
  db: Db;
  close(): Promise<void>;
}

/**
 * Connects drizzle to Postgres. Works behind a transaction pooler when `prepare` is off. Raw clients must not share this
 * connection: drizzle changes how the client reads JSON and dates.
 */
export function openDatabase(url: string, options: { max?: number; prepare?: boolean } = {}): Database {
  const client = postgres(url, {
    max: options.max ?? 12,
    prepare: options.prepare ?? true,
    onnotice: () => undefined,
    connection: { application_name: 'credit-mart', statement_timeout: 15_000, idle_in_transaction_session_timeout: 30_000 },
  });
  return { db: drizzle(client), close: () => client.end({ timeout: 5 }) };
}
