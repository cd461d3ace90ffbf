import { readEnv } from '~/platform/env';
import { checkInvariants } from '~/queries/invariants.server';
import { createServices } from '~/services.server';

/** `npm run invariants`: checks every rule on the live database, prints what is broken, exits 1 if anything is. */
const services = await createServices(readEnv(process.env));
const broken = await checkInvariants(services.ctxFor({ kind: 'system', name: 'invariants' }));
for (const { rule, subjects } of broken) process.stdout.write(`BROKEN ${rule}\n  ${subjects.join('\n  ')}\n`);
if (broken.length === 0) process.stdout.write('All invariants hold.\n');
await services.close();
process.exitCode = broken.length === 0 ? 0 : 1;
