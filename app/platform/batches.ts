import type { Ctx, Db } from './context';

/** Requests that share a commit at most: more would keep the first one waiting for the last. */
const MOST = 64;

interface Waiting<Item, Result> {
  ctx: Ctx;
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets calls that arrive while a commit is under way share the next one: one statement and one flush for all of them. `work` answers a
 * result for each item, in their order. A statement that Postgres refuses has done nothing: then each item is tried alone, so that none
 * spoils the others. Of one process and its pool; inside an atomic block a call is its own, since it ends with the block.
 */
export function batched<Item, Result>(work: (ctx: Ctx, items: Item[]) => Promise<Result[]>): (ctx: Ctx, item: Item) => Promise<Result> {
  const queues = new WeakMap<Db, Waiting<Item, Result>[]>();

  async function drain(db: Db, queue: Waiting<Item, Result>[]): Promise<void> {
    // Whatever else this turn of the event loop brings in comes along.
    await new Promise((done) => setImmediate(done));
    while (queue.length > 0) await settle(queue.splice(0, MOST));
    queues.delete(db);
  }

  async function settle(batch: Waiting<Item, Result>[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    try {
      // Under the time of the first of this batch: a queue that never runs empty is no reason to stop the clock.
      const results = await work(
        first.ctx,
        batch.map(({ item }) => item),
      );
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (batch.length > 1 && isRefusal(error)) for (const each of batch) await settle([each]);
      else for (const { reject } of batch) reject(error);
    }
  }

  return async (ctx, item) => {
    if (ctx.inAtomic) return (await work(ctx, [item]))[0] as Result;
    return new Promise<Result>((resolve, reject) => {
      const queue = queues.get(ctx.db);
      if (queue) return void queue.push({ ctx, item, resolve, reject });
      const opened = [{ ctx, item, resolve, reject }];
      queues.set(ctx.db, opened);
      void drain(ctx.db, opened);
    });
  };
}

/** Whether Postgres said no, and so rolled back; a lost connection does not tell. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (
    cause instanceof Error &&
    'code' in cause &&
    typeof cause.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(cause.code) &&
    !/^57P/.test(cause.code)
  );
}
