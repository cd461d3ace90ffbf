import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { createLogger } from '~/platform/logger';

/**
 * While the whole suite runs, everything that is logged, down to the small talk, goes to one folder (TEST_LOG_DIR), and every secret that a
 * test makes is noted there; in the end `scripts/log-secrets.mjs` looks for each of them in the logs. Outside of it nothing of this happens.
 */
const folder = process.env.TEST_LOG_DIR;

/** Where the processes of a test write their logs. */
export function logsFolder(usual: string): string {
  return folder ? join(folder, usual.replace(/[^\w-]+/g, '_')) : usual;
}

/** `debug` while everything is collected, since a secret may stand in the small talk. */
export const logLevel = (usual: string) => (folder ? 'debug' : usual);

/** The log of services in the test's own process; empty when nothing is collected. */
export function testLog(secrets: string[]): { log?: Logger } {
  if (!folder) return {};
  mkdirSync(folder, { recursive: true });
  const destination = pino.destination({ dest: join(folder, `tests-${process.pid}.log`), append: true, sync: true });
  return { log: createLogger('debug', 'credit-mart', { secrets, destination }) };
}

/** Notes what must never stand in a log. */
export function rememberSecrets(...secrets: string[]): void {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'secrets.txt'), secrets.map((secret) => `${secret}\n`).join(''));
}
