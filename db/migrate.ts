import { checkConnection, UnfitDatabase } from './connection-check.server';
import { sayDatabase } from './database-name';
import { databaseProblem, migrateDatabase } from './migrations.server';

/**
 * `node build/node/migrate.js`: brings the database to the newest schema. It works as the owner, DATABASE_OWNER_URL, and gives the user of
 * DATABASE_URL the rights of the application. Without DATABASE_OWNER_URL one user does both, which production refuses to serve with.
 */
const appUrl = process.env.DATABASE_URL ?? '';
const url = process.env.DATABASE_OWNER_URL || appUrl;

if (url === '') {
  process.stderr.write('DATABASE_URL is missing: set it to the PostgreSQL 18 to use, as postgres://user:password@host:5432/name.\n');
  process.exit(1);
}
sayDatabase(url);
try {
  // As the owner, who may do everything.
  await checkConnection(url, { mode: 'migrate' });
  await migrateDatabase(url, { appUrl });
} catch (error) {
  const problem = error instanceof UnfitDatabase ? error.message : databaseProblem(error, url);
  if (problem === null) throw error;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
