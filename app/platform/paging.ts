/** A page of rows, and the key that leads to the next one; null on the last page. */
export interface Page<Row, Key> {
  rows: Row[];
  next: Key | null;
}

/** Cuts a page out of `found`, which was read with a limit of `size + 1`: the row too many shows that there is a next page. */
export function toPage<Row, Key>(found: readonly Row[], size: number, keyOf: (row: Row) => Key): Page<Row, Key> {
  const rows = found.slice(0, size);
  const last = rows.at(-1);
  return { rows, next: found.length > size && last !== undefined ? keyOf(last) : null };
}

interface BatchOptions<Row, Key> {
  size: number;
  /** The upper bound of one run of a sweep; all batches if left out. */
  atMost?: number;
  keyOf: (row: Row) => Key;
}

/** Reads rows by key in batches until one is not full. `read` gets the last key of the batch before. */
export async function* readBatches<Row, Key>(
  { size, atMost = Infinity, keyOf }: BatchOptions<Row, Key>,
  read: (after: Key | null, size: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let after: Key | null = null;
  for (let batch = 0; batch < atMost; batch += 1) {
    const rows = await read(after, size);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < size) return;
    after = keyOf(last);
  }
}
