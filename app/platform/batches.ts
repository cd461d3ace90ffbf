import type { Ctx, Db } from './context';

export interface BatchOptions<Item> {
  /** Items of different keys never share a batch and do not wait for one another. */
  keyOf?: (item: Item) => string;
  /** Largest batch: more would keep the first caller waiting for the last. */
  max?: number;
  /** Whether each item of a batch that Postgres refused is tried again alone, so that one bad item does not fail the others. */
  retryAlone?: boolean;
}

interface Waiting<Item, Result> {
  ctx: Ctx;
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Batches calls: those that arrive while a commit is under way share the next one, with one statement and one flush. `work` returns a
 * result for each item, in their order. Each process has one queue per pool and key. Inside an atomic block a call runs alone, since it
 * ends with the block.
 */
export function batched<Item, Result>(
  work: (ctx: Ctx, items: Item[]) => Promise<Result[]>,
  { keyOf = () => '', max = 64, retryAlone = true }: BatchOptions<Item> = {},
): (ctx: Ctx, item: Item) => Promise<Result> {
  const pools = new WeakMap<Db, Map<string, Waiting<Item, Result>[]>>();

  async function drain(queues: Map<string, Waiting<Item, Result>[]>, key: string, queue: Waiting<Item, Result>[]): Promise<void> {
    while (queue.length > 0) {
      // Callers of the same turn of the event loop join this batch.
      await new Promise((done) => setImmediate(done));
      await settle(queue.splice(0, max));
    }
    queues.delete(key);
  }

  async function settle(batch: Waiting<Item, Result>[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    try {
      // Use the clock of this batch's first caller: in a queue that is never empty, the clock of the first batch would stand still.
      const results = await work(
        first.ctx,
        batch.map(({ item }) => item),
      );
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (retryAlone && batch.length > 1 && isRefusal(error)) for (const each of batch) await settle([each]);
      else for (const { reject } of batch) reject(error);
    }
  }

  return async (ctx, item) => {
    if (ctx.inAtomic) return (await work(ctx, [item]))[0] as Result;
    return new Promise<Result>((resolve, reject) => {
      const queues = pools.get(ctx.db) ?? new Map<string, Waiting<Item, Result>[]>();
      pools.set(ctx.db, queues);
      const key = keyOf(item);
      const queue = queues.get(key);
      if (queue) return void queue.push({ ctx, item, resolve, reject });
      const opened = [{ ctx, item, resolve, reject }];
      queues.set(key, opened);
      void drain(queues, key, opened);
    });
  };
}

/** Whether Postgres refused the statement and so rolled it back. After a lost connection nobody knows. */
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
