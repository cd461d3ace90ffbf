export interface Row {
  id: string;
  created: number;
}

/** Rows of one kind, found by id and listed newest first as at Stripe, even if the clock was moved back in between. */
export class Table<T extends Row> {
  readonly #byId = new Map<string, T>();
  readonly #oldestFirst: T[] = [];

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  put(row: T): void {
    const previous = this.#byId.get(row.id);
    this.#byId.set(row.id, row);
    if (previous !== undefined) {
      this.#oldestFirst[this.#oldestFirst.lastIndexOf(previous)] = row;
      return;
    }
    let at = this.#oldestFirst.length;
    while (at > 0 && (this.#oldestFirst[at - 1]?.created ?? 0) > row.created) at -= 1;
    this.#oldestFirst.splice(at, 0, row);
  }

  remove(id: string): void {
    const row = this.#byId.get(id);
    if (row === undefined) return;
    this.#byId.delete(id);
    this.#oldestFirst.splice(this.#oldestFirst.lastIndexOf(row), 1);
  }

  oldestFirst(): readonly T[] {
    return this.#oldestFirst;
  }

  newestFirst(): T[] {
    return [...this.#oldestFirst].reverse();
  }
}
