import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

/** A PostgreSQL for tests: its own `postgres` database, and a migrated one to copy. */
export interface Cluster {
  adminUrl: string;
  template: string;
}

export interface TestDatabase {
  name: string;
  /** The URL for the application's user, who owns nothing. */
  url: string;
  /** The URL for the owner, who migrates. */
  ownerUrl: string;
  drop(): Promise<void>;
}

/** Turns the owner's URL into the application user's URL. */
export function toAppUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.username = 'credit_mart_app';
  return url.href;
}

/** A fresh copy of a database without connections (about 40 ms). */
export async function cloneTemplate({ adminUrl, template }: Cluster): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, (admin) => admin`create database ${admin(name)} template ${admin(template)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const ownerUrl = url.href;
  return {
    name,
    url: toAppUrl(ownerUrl),
    ownerUrl,
    drop: () => asAdmin(adminUrl, (admin) => admin`drop database if exists ${admin(name)} with (force)`),
  };
}

/** Runs a statement of an owner or superuser on its own connection. */
export async function asAdmin(adminUrl: string, statement: (admin: postgres.Sql) => Promise<unknown>): Promise<void> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await statement(admin);
  } finally {
    await admin.end({ timeout: 5 });
  }
}
