import { describe, expect, it } from 'vitest';
import { readBatches, toPage } from './paging';

const self = (row: number) => row;

describe('toPage', () => {
  it('names the key of the last row it shows when there is one row more', () => {
    expect(toPage([9, 8, 7], 2, self)).toEqual({ rows: [9, 8], next: 8 });
  });

  it('has no next page when the rows end, also at exactly a full page', () => {
    expect(toPage([9, 8], 2, self)).toEqual({ rows: [9, 8], next: null });
    expect(toPage([], 2, self)).toEqual({ rows: [], next: null });
  });
});

describe('readBatches', () => {
  async function collect(count: number, atMost?: number) {
    const asked: (number | null)[] = [];
    const batches: number[][] = [];
    const read = async (after: number | null, size: number) => {
      asked.push(after);
      return Array.from({ length: count }, (_, index) => index + 1)
        .filter((row) => row > (after ?? 0))
        .slice(0, size);
    };
    for await (const rows of readBatches({ size: 2, keyOf: self, ...(atMost && { atMost }) }, read)) batches.push(rows);
    return { asked, batches };
  }

  it('continues after the last row until a batch is not full', async () => {
    expect(await collect(3)).toEqual({ asked: [null, 2], batches: [[1, 2], [3]] });
    expect(await collect(4)).toEqual({
      asked: [null, 2, 4],
      batches: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  it('yields nothing when there are no rows, and stops at the bound of a run', async () => {
    expect((await collect(0)).batches).toEqual([]);
    expect((await collect(9, 2)).batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
