import { readEnv } from '~/platform/env';
import { describeError } from '~/platform/logger';
import { checkInvariants } from '~/queries/invariants.server';
import { createServices } from '~/services.server';

/** `npm run invariants`: checks every rule on the live database, prints what is broken, exits 1 if anything is. */
async function main(): Promise<boolean> {
  const services = await createServices(readEnv(process.env));
  try {
    const broken = await checkInvariants(services.ctxFor({ kind: 'system', name: 'invariants' }));
    for (const { rule, subjects } of broken) process.stdout.write(`BROKEN ${rule}\n  ${subjects.join('\n  ')}\n`);
    if (broken.length === 0) process.stdout.write('All invariants hold.\n');
    return broken.length === 0;
  } finally {
    await services.close();
  }
}

main().then(
  (hold) => (process.exitCode = hold ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`The invariants could not be checked: ${String(describeError(error).message)}. Is the database there?\n`);
    process.exitCode = 1;
  },
);
