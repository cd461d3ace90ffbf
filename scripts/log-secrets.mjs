// Searches all logs of the test suite for secrets: those that tests recorded, and texts shaped like one.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Separate from the application's own patterns, so that a shape missing there is found here. */
const SHAPES = {
  'Replicate token': /\br8_[0-9A-Za-z]{8}/,
  'Stripe key': /\b[srp]k_(test|live)_[0-9A-Za-z]{3}/,
  'webhook secret': /\bwhsec_[0-9A-Za-z]{3}/,
  'access key': /\bcmk_[0-9a-f]{8}/,
  'address with a password': /:\/\/[^\s/:@"[]+:(?!\[removed\])[^\s/@"]+@/,
  'address of a run’s hook': /\/gateway\/hooks\/run_[0-9a-f]{32}\/[\w-]{20}/,
  'link of a mail': /[?&]token=[\w-]{20}/,
  'cookie of a sign-in': /sign_in=[0-9A-Za-z]{8}/,
  'test password': /password of \S+@|correct horse \S+ staple/,
  'card number': /(?<![\w.-])(4242|4000|5555|3782)([ -]?\d{4}){3}(?![\w.-])/,
  'private key': /-----BEGIN [A-Z ]*PRIVATE KEY/,
};

/** @returns {{ lines: number, noted: number, findings: { file: string, line: number, what: string }[] }} never the secret itself */
export function findSecrets(folder) {
  const noted = existsSync(join(folder, 'secrets.txt')) ? notedIn(join(folder, 'secrets.txt')) : [];
  const findings = [];
  let lines = 0;
  for (const file of logsIn(folder)) {
    for (const [index, text] of readFileSync(join(folder, file), 'utf8').split('\n').entries()) {
      if (text === '') continue;
      lines += 1;
      const shape = Object.entries(SHAPES).find(([, pattern]) => pattern.test(text));
      const what = shape?.[0] ?? (noted.some((secret) => text.includes(secret)) ? 'a secret that a test noted' : null);
      if (what) findings.push({ file, line: index + 1, what });
    }
  }
  return { lines, noted: noted.length, findings };
}

/** Proves that the search works: a separate log gets the recorded secrets and one of each shape, and all must be found. */
export function canFind(folder) {
  const canary = `${folder}-canary`;
  rmSync(canary, { recursive: true, force: true });
  mkdirSync(canary, { recursive: true });
  const noted = existsSync(join(folder, 'secrets.txt')) ? notedIn(join(folder, 'secrets.txt')).slice(0, 20) : [];
  const secrets = [...noted, ...EXAMPLES];
  writeFileSync(join(canary, 'secrets.txt'), noted.join('\n'));
  writeFileSync(join(canary, 'canary.log'), secrets.map((secret) => `${JSON.stringify({ msg: `it is ${secret} here` })}\n`).join(''));
  const { findings } = findSecrets(canary);
  rmSync(canary, { recursive: true, force: true });
  return findings.length === secrets.length;
}

const EXAMPLES = [
  'r8_abcdefgh1234',
  'sk_test_abc123',
  'whsec_abc123',
  'cmk_0123456789abcdef0123456789abcdef_x',
  'postgres://a:hunter22@db/market',
  `/gateway/hooks/run_${'0'.repeat(32)}/${'m'.repeat(43)}`,
  `/reset?token=${'k'.repeat(43)}`,
  'sign_in=abcdefgh12345678',
  'password of user1@example.com',
  '4242 4242 4242 4242',
  '-----BEGIN RSA PRIVATE KEY-----',
];

const notedIn = (path) => [...new Set(readFileSync(path, 'utf8').split('\n'))].filter((secret) => secret.length >= 6);

function logsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.log'));
}
