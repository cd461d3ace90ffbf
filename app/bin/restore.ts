import { sayDatabase } from '~db/database-name';
import { databaseProblem } from '~db/migrations.server';
import { restore } from '~db/restore.server';
import { secretsByKey } from '~/modules/vault/index.server';
import { readEnv } from '~/platform/env';
import { checkInvariants, standingInvariants } from '~/invariants/check-invariants.server';
import { createServices } from '~/services.server';

const target = process.env.TARGET_DATABASE_URL || process.env.DATABASE_URL || '';
const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * `npm run restore -- <file>`: puts a backup into an empty database, TARGET_DATABASE_URL or else DATABASE_URL, and checks every invariant
 * there. That URL is the owner's; the user of DATABASE_URL gets the rights of the application. Exits 1 when anything is not as it should be.
 */
async function main(file: string | undefined): Promise<boolean> {
  if (!file) throw new Error('Say from where: npm run restore -- market.backup.gz');
  const env = readEnv({ ...process.env, DATABASE_URL: target });
  sayDatabase(target);
  const { rows, tables, takenAt } = await restore(target, file, process.env.DATABASE_URL);
  say(`${rows} rows of ${tables} tables as of ${takenAt} are restored.`);
  const services = await createServices(env);
  try {
    const ctx = services.ctxFor({ kind: 'system', name: 'restore' });
    const unknown = (await secretsByKey(ctx)).filter(({ keyId }) => !ctx.ports.vaultKeys.keys.has(keyId));
    for (const { keyId, secrets } of unknown) say(`${secrets} secrets need the key ${keyId}, which VAULT_KEYS does not have.`);
    // Deadlines have passed since the backup; the workers catch up, so only standing rules are checked.
    const broken = await checkInvariants(ctx, standingInvariants);
    for (const { rule, subjects } of broken) say(`BROKEN ${rule}\n  ${subjects.join('\n  ')}`);
    if (broken.length === 0) say('All invariants hold.');
    return broken.length === 0 && unknown.length === 0;
  } finally {
    await services.close();
  }
}

main(process.argv[2]).then(
  (well) => (process.exitCode = well ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${databaseProblem(error, target) ?? (error instanceof Error ? error.message : 'Nothing was restored.')}\n`);
    process.exitCode = 1;
  },
);
