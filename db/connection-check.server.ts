import postgres from 'postgres';
import { excessRights } from './app-role.server';
import { poolerSentence } from './database-name';
import { databaseProblem } from './migrations.server';

/** A database, or the way to it, that this program cannot work with: one sentence that says what to set. */
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
 * Looks at the connection before anything is served over it. A pooler that shares connections between sessions breaks prepared statements,
 * session locks and LISTEN: rows of another statement would be read as the answer to ours. In production the user must not be one that may
 * change the book. @throws UnfitDatabase with what to set.
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

/** Some poolers are told to ignore the settings of a session: then ours never reach the server. */
async function losesSettings(client: postgres.Sql): Promise<boolean> {
  const [row] = await client<{ ms: string }[]>`select setting as ms from pg_settings where name = 'statement_timeout'`;
  return row?.ms !== String(TIMEOUT_MS);
}

/** Whether two sessions get the same server process, or one session gets another after a while: what no PostgreSQL does. */
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

/** The answer, or null after a while: a pooler whose connections are all taken lets us wait for minutes. */
async function soon<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => (timer = setTimeout(done, 5_000, null)));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
