import { checkConnection, UnfitDatabase } from './connection-check.server';
import { sayDatabase } from './database-name';
import { databaseProblem, migrateDatabase } from './migrations.server';

/**
 * `node build/node/migrate.js`: migrates the database as its owner (DATABASE_OWNER_URL) and gives the user of DATABASE_URL the
 * application's rights. Without DATABASE_OWNER_URL one user does both, which production refuses.
 */
const appUrl = process.env.DATABASE_URL ?? '';
const url = process.env.DATABASE_OWNER_URL || appUrl;

if (url === '') {
  process.stderr.write('DATABASE_URL is missing: set it to the PostgreSQL 18 to use, as postgres://user:password@host:5432/name.\n');
  process.exit(1);
}
sayDatabase(url);
try {
  // As the owner, who has all rights.
  await checkConnection(url, { mode: 'migrate' });
  await migrateDatabase(url, { appUrl });
} catch (error) {
  const problem = error instanceof UnfitDatabase ? error.message : databaseProblem(error, url);
  if (problem === null) throw error;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
