import { sayDatabase } from '~db/database-name';
import { rotateSecrets, secretsByKey, type Rotation } from '~/modules/vault/index.server';
import type { Ctx } from '~/platform/context';
import { EnvError, readEnv } from '~/platform/env';
import { describeError } from '~/platform/logger';
import { createServices } from '~/services.server';

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * `npm run rotate-vault-keys`: seals every secret anew under the first key of VAULT_KEYS while the market runs, and says which keys may go.
 * Ctrl-C ends it after the batch under way; run it again to go on. Exits 1 while anything stands under another key.
 */
async function main(): Promise<boolean> {
  const env = readEnv(process.env);
  sayDatabase(env.databaseUrl);
  const services = await createServices(env);
  let interrupted = false;
  process.on('SIGINT', () => (interrupted = true));
  process.on('SIGTERM', () => (interrupted = true));
  try {
    const ctx = services.ctxFor({ kind: 'system', name: 'operator' });
    await tellKeys(ctx, 'Before');
    const onBatch = (soFar: Rotation) => {
      say(`  ${describe(soFar)}`);
      return !interrupted;
    };
    const total = await rotateSecrets(ctx, { onBatch });
    say(interrupted ? `Interrupted: ${describe(total)}. Run it again to go on.` : `Done: ${describe(total)}.`);
    return tellKeys(ctx, 'Now');
  } finally {
    await services.close();
  }
}

/** Prints how many secrets each key seals. Returns whether all use the current key. */
async function tellKeys(ctx: Ctx, when: string): Promise<boolean> {
  const { current, keys } = ctx.ports.vaultKeys;
  const used = await secretsByKey(ctx);
  say(
    `${when}: ${used.map(({ keyId, secrets }) => `${secrets} under ${keyId}`).join(', ') || 'no secrets'}. The current key is ${current}.`,
  );
  const idle = [...keys.keys()].filter((id) => id !== current && !used.some(({ keyId }) => keyId === id));
  if (idle.length > 0) say(`Nothing stands under ${idle.join(', ')}: it may go from VAULT_KEYS.`);
  return used.every(({ keyId }) => keyId === current);
}

const describe = ({ sealed, overtaken, failed }: Rotation) =>
  `${sealed} sealed anew, ${overtaken} replaced meanwhile by others, ${failed} that could not be opened`;

main().then(
  (done) => (process.exitCode = done ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof EnvError ? error.message : `The keys could not be rotated: ${String(describeError(error).message)}.`}\n`,
    );
    process.exitCode = 1;
  },
);
