import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '~/platform/env';
import { createServices } from '~/services.server';
import { sayDatabase } from './database-name';
import { seedMarket } from './seed/seed-market';

/** Seeds the demo market once and writes DATA_DIR/demo.json. `npm start` calls it on an empty database and shows its progress lines. */
async function main(): Promise<void> {
  const env = readEnv(process.env);
  if (env.mode === 'production') throw new Error('Production is never seeded.');
  sayDatabase(env.databaseUrl);
  // An interrupted seed starts over, so its commits need not wait for the disk.
  const quick = { ...env, databaseUrl: `${env.databaseUrl}${env.databaseUrl.includes('?') ? '&' : '?'}synchronous_commit=off` };
  const demo = await seedMarket(quick, createServices, (line) => process.stdout.write(`${line}\n`));
  writeFileSync(join(env.dataDir, 'demo.json'), `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
}

await main();
