import { sayDatabase } from '~db/database-name';
import { databaseProblem } from '~db/migrations.server';
import { openDatabase } from '~db/client.server';
import { describeError } from '~/platform/logger';
import { checkInvariants } from '~/invariants/check-invariants.server';

const url = process.env.DATABASE_URL ?? '';

/** `npm run invariants`: checks every rule on the live database, prints what is broken, exits 1 if anything is. Needs DATABASE_URL only. */
async function main(): Promise<boolean> {
  if (url === '') throw new Error('DATABASE_URL is missing');
  sayDatabase(url);
  const database = openDatabase(url, { max: 1 });
  try {
    const broken = await checkInvariants({ db: database.db, now: new Date() });
    for (const { rule, subjects } of broken) process.stdout.write(`BROKEN ${rule}\n  ${subjects.join('\n  ')}\n`);
    if (broken.length === 0) process.stdout.write('All invariants hold.\n');
    return broken.length === 0;
  } finally {
    await database.close();
  }
}

main().then(
  (hold) => (process.exitCode = hold ? 0 : 1),
  (error: unknown) => {
    const why = databaseProblem(error, url) ?? `${String(describeError(error).message)}.`;
    process.stderr.write(`The invariants could not be checked: ${why}\n`);
    process.exitCode = 1;
  },
);
