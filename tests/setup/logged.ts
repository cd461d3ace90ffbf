import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { createLogger } from '~/platform/logger';

/**
 * While the whole suite runs, all logs down to level debug go to one folder (TEST_LOG_DIR), and every secret that a test
 * makes is recorded there. At the end `scripts/log-secrets.mjs` searches the logs for each secret. Else nothing is collected.
 */
const folder = process.env.TEST_LOG_DIR;

/** The folder where the processes of a test write their logs. */
export function logsFolder(usual: string): string {
  return folder ? join(folder, usual.replace(/[^\w-]+/g, '_')) : usual;
}

/** `debug` while logs are collected, since a debug line may hold a secret, too. */
export const logLevel = (usual: string) => (folder ? 'debug' : usual);

/** The log of services inside the test process; empty when logs are not collected. */
export function testLog(secrets: string[]): { log?: Logger } {
  if (!folder) return {};
  mkdirSync(folder, { recursive: true });
  const destination = pino.destination({ dest: join(folder, `tests-${process.pid}.log`), append: true, sync: true });
  return { log: createLogger('debug', 'credit-mart', { secrets, destination }) };
}

/** Records secrets that must never appear in a log. */
export function rememberSecrets(...secrets: string[]): void {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'secrets.txt'), secrets.map((secret) => `${secret}\n`).join(''));
}
