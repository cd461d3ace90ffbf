// The demo's secrets: made once at random, stored in DATA_DIR/secrets, readable by their owner only.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './private-file.mjs';

const token = (bytes) => randomBytes(bytes).toString('base64url');
const letters = (bytes) => randomBytes(bytes).toString('hex');

const makers = {
  VAULT_KEYS: () => `k1:${randomBytes(32).toString('base64')}`,
  APP_SECRET: () => token(48),
  STRIPE_SECRET_KEY: () => `sk_test_${letters(24)}`,
  STRIPE_WEBHOOK_SECRET: () => `whsec_${letters(24)}`,
  DATABASE_PASSWORD: () => letters(16),
  DATABASE_APP_PASSWORD: () => letters(16),
};

/** @param {string} dataDir @returns {Record<keyof typeof makers, string>} */
export function demoSecrets(dataDir) {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, keep(join(folder, name), make)]));
}

function keep(path, make) {
  const secret = existsSync(path) ? readFileSync(path, 'utf8').trim() : make();
  writePrivate(path, `${secret}\n`);
  return secret;
}
