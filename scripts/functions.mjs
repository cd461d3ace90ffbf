// Compares db/functions with a fully migrated database.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withSource } from './load-source.mjs';
import { startPostgres } from './postgres.mjs';

/** @returns {Promise<string | null>} the migration that is missing, or null */
export async function missingFunctionMigration() {
  const parent = mkdtempSync(join(tmpdir(), 'credit-mart-functions-'));
  chmodSync(parent, 0o755);
  const server = await startPostgres({ folder: join(parent, 'data'), password: randomBytes(12).toString('hex'), durable: false });
  try {
    await withSource('/db/migrations.server.ts', ({ migrateDatabase }) => migrateDatabase(server.url()));
    return await withSource('/db/functions.server.ts', async ({ functionChanges }) => {
      const changes = await functionChanges(server.url());
      return changes.length === 0 ? null : `${changes.join('\n--> statement-breakpoint\n')}\n`;
    });
  } finally {
    await server.stop();
  }
}
