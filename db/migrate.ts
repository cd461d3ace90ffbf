import { sayDatabase } from './database-name';
import { databaseProblem, migrateDatabase } from './migrations.server';

/** `node build/node/migrate.js`: brings DATABASE_URL to the newest schema. */
const url = process.env.DATABASE_URL ?? '';

if (url === '') {
  process.stderr.write('DATABASE_URL is missing: set it to the PostgreSQL 18 to use, as postgres://user:password@host:5432/name.\n');
  process.exit(1);
}
sayDatabase(url);
try {
  await migrateDatabase(url);
} catch (error) {
  const problem = databaseProblem(error, url);
  if (problem === null) throw error;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
