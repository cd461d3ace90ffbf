import postgres from 'postgres';
import { excessRights } from './app-role.server';
import { poolerSentence } from './database-name';
import { databaseProblem } from './migrations.server';

/** A database or connection that this program cannot use: one sentence that says what to set. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase';
}

const TIMEOUT_MS = 15_000;
const ROUNDS = 3;

const connect = (url: string) =>
  postgres(url, {
    max: 1,
    prepare: false,
    onnotice: () => undefined,
    connection: { application_name: 'credit-mart-check', statement_timeout: TIMEOUT_MS },
  });

/**
 * Checks the connection before anything is served. A pooler that shares connections breaks prepared statements, session locks and
 * LISTEN, and may return rows of another statement. In production the user must not be able to change the ledger.
 * @throws UnfitDatabase with what to set.
 */
export async function checkConnection(url: string, { mode }: { mode: string }): Promise<void> {
  const [one, other] = [connect(url), connect(url)];
  try {
    const pooled = (await losesSettings(one)) || (await sharesSessions(one, other));
    if (pooled) throw new UnfitDatabase(poolerSentence(url));
    const excess = mode === 'production' ? await excessRights(one) : null;
    if (excess !== null)
      throw new UnfitDatabase(
        `${excess}: set DATABASE_OWNER_URL to it for migrate alone, and DATABASE_URL to a user of its own, such as credit_mart_app, which migrate makes.`,
      );
  } catch (error) {
    const problem = error instanceof UnfitDatabase ? null : databaseProblem(error, url);
    throw problem === null ? error : new UnfitDatabase(problem);
  } finally {
    await Promise.all([one.end({ timeout: 5 }), other.end({ timeout: 5 })]);
  }
}

/** Some poolers ignore session settings, so ours would never reach the server. */
async function losesSettings(client: postgres.Sql): Promise<boolean> {
  const [row] = await client<{ ms: string }[]>`select setting as ms from pg_settings where name = 'statement_timeout'`;
  return row?.ms !== String(TIMEOUT_MS);
}

/** True if two sessions share a server process, or one session changes it: PostgreSQL itself never does this. */
async function sharesSessions(one: postgres.Sql, other: postgres.Sql): Promise<boolean> {
  const readPid = async (client: postgres.Sql) => (await client<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await readPid(one);
    const [held, after] = await other.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      return [row?.pid, await soon(readPid(one))] as const;
    });
    if (held === before || after !== before) return true;
  }
  return false;
}

/** The answer, or null on time-out: a pooler without free connections keeps us waiting for minutes. */
async function soon<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => (timer = setTimeout(done, 5_000, null)));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
