// DATA_DIR/demo.json: the accounts, keys and addresses for using the demo. The seed writes it; each start updates the addresses.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writePrivate } from './private-file.mjs';

export function refreshDemoFile(dataDir, env) {
  const path = join(dataDir, 'demo.json');
  const seeded = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const demo = {
    ...seeded,
    baseUrl: env.PUBLIC_URL,
    gatewayUrl: `${env.PUBLIC_URL}/gateway/replicate/v1`,
    stripeSandboxUrl: env.STRIPE_API_URL ?? null,
    replicateSandboxUrl: env.REPLICATE_API_URL,
  };
  writePrivate(path, `${JSON.stringify(demo, null, 2)}\n`);
  return demo;
}

export function printDemo(demo, env, dataDir) {
  const rows = [
    ['Market', demo.baseUrl],
    ['Mail sent', env.SMTP_URL ? 'goes out by SMTP' : `${demo.baseUrl}/dev/mail`],
    ['Gateway', demo.gatewayUrl],
    ['Stripe sandbox', demo.stripeSandboxUrl ?? 'Stripe itself'],
    ['Replicate sandbox', demo.replicateSandboxUrl],
    ...(demo.accounts ?? []).map(({ role, email, password }) => [`Sign in: ${role}`, `${email}  ${password}`]),
    ...(demo.buyerAccessKey ? [["Buyer's key", demo.buyerAccessKey]] : []),
    ['All of it', relative('.', join(dataDir, 'demo.json')) || 'demo.json'],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  const client = `  new Replicate({ auth: '${demo.buyerAccessKey ?? '<access key>'}', baseUrl: '${demo.gatewayUrl}' })`;
  process.stdout.write(
    [
      '',
      '  Credit Mart is open',
      '',
      ...lines,
      '',
      '  Any Replicate client works with it:',
      client,
      '',
      '  Ctrl-C stops everything.',
      '',
      '',
    ].join('\n'),
  );
}
