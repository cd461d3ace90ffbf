import { describe, expect, it } from 'vitest';
import { batched } from './batches';
import type { Ctx } from './context';

describe('batched calls', () => {
  it('run with the clock of the first call of their own batch', async () => {
    const seen: [time: number, items: string[]][] = [];
    const db = {};
    const at = (time: number) => ({ db, inAtomic: false, now: new Date(time) }) as Ctx;
    const take = batched(async (ctx, items: string[]) => {
      seen.push([ctx.now.getTime(), items]);
      // Others come while this batch is under way.
      if (items[0] === 'a') later.push(take(at(2_000), 'b'), take(at(3_000), 'c'));
      return items;
    });
    const later: Promise<string>[] = [];
    await take(at(1_000), 'a');
    expect(await Promise.all(later)).toEqual(['b', 'c']);
    expect(seen).toEqual([
      [1_000, ['a']],
      [2_000, ['b', 'c']],
    ]);
  });

  it('share one only with calls of the same key', async () => {
    const seen: string[][] = [];
    const take = batched(
      (_ctx, items: string[]) => {
        seen.push(items);
        return Promise.resolve(items);
      },
      { keyOf: (item) => item.slice(0, 1), max: 2 },
    );
    const ctx = { db: {}, inAtomic: false } as Ctx;
    expect(await Promise.all(['a1', 'b1', 'a2', 'a3'].map((item) => take(ctx, item)))).toEqual(['a1', 'b1', 'a2', 'a3']);
    expect(seen).toEqual([['a1', 'a2'], ['b1'], ['a3']]);
  });
});
