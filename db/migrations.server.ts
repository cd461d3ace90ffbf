import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { runMigrations } from 'graphile-worker';
import postgres from 'postgres';
import type { Db } from '~/platform/context';
import { grantToApp } from './app-role.server';
import { databaseName, poolerSentence } from './database-name';

/** An arbitrary lock number, the same in all processes. */
const MIGRATION_LOCK = 4_705_281;

export interface MigrationOptions {
  folder?: string;
  /** DATABASE_URL of the application, whose user gets its rights here. Without it only the owner can use the database. */
  appUrl?: string | undefined;
}

/**
 * Migrates a database as its owner: the job queue's tables first, since ours may refer to them, then `migrations/`, then the
 * application's rights. Concurrent processes wait for each other.
 */
export async function migrateDatabase(url: string, { folder = resolve('migrations'), appUrl }: MigrationOptions = {}): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await runMigrations({ connectionString: url });
    await migrate(drizzle(client), { migrationsFolder: folder });
    if (appUrl) await grantToApp(client, appUrl);
  } finally {
    await client.end({ timeout: 5 });
  }
}

export interface Migration {
  tag: string;
  /** Also its key in the database, where drizzle records migrations by time. */
  when: number;
}

/** The migrations of this version of the code, oldest first. */
export function knownMigrations(folder = resolve('migrations')): Migration[] {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as { entries: Migration[] };
  return entries.map(({ tag, when }) => ({ tag, when }));
}

/** The migrations that a database has had. */
export async function appliedMigrations(db: Pick<Db, 'execute'>): Promise<Set<number>> {
  const rows = await db.execute<{ created_at: string }>(sql`select created_at from drizzle.__drizzle_migrations`);
  return new Set(rows.map((row) => Number(row.created_at)));
}

/** A sentence for a database that cannot be used; null for other errors. */
export function databaseProblem(error: unknown, url: string): string | null {
  const code = errorCode(error) ?? errorCode(error instanceof Error ? error.cause : undefined) ?? errorCode(firstCause(error));
  const target = databaseName(url);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'CONNECT_TIMEOUT':
      return `The database at ${target} does not answer (${code}): start it, or correct DATABASE_URL.`;
    case '08P01':
      return poolerSentence(url);
    case '28P01':
    case '28000':
      return `The database at ${target} refuses this user or password: correct DATABASE_URL.`;
    case '3D000':
      return `The database at ${target} does not exist: create it, or correct DATABASE_URL.`;
    case '42501':
      return `The user of ${target} may not do this: DATABASE_OWNER_URL must name the owner of the database, with CREATE on it, and CREATEROLE unless the user of DATABASE_URL exists.`;
    default:
      return null;
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Node reports one failure per address that it tried. */
function firstCause(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : undefined;
}
