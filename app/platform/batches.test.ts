import { describe, expect, it } from 'vitest';
import { batched } from './batches';
import type { Ctx } from './context';

describe('Calls that share a commit', () => {
  it('run under the time of the first of their own batch, not of whoever opened the queue', async () => {
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
});
