import { SandboxClock } from './clock';
import { IdSource, newIdSeed } from './ids';
import { Journal } from './journal';
import type { RecordKind, Records } from './records';
import { Table } from './table';

/** The API request that caused an event; null if a person or the clock did. */
export interface RequestStamp {
  id: string;
  idempotencyKey: string | null;
}

/** What a unit of work changed: a kind of record and its id. */
export type Changed = readonly [RecordKind, string];

interface JournalEntry {
  idSeed?: string;
  issued?: number;
  clockOffsetMs?: number;
  put?: [RecordKind, Records[RecordKind]][];
  remove?: [RecordKind, string][];
}

/** The sandbox's state. It changes only inside `perform`, which writes one journal line or changes nothing. */
export class World {
  readonly clock: SandboxClock;
  readonly tables: { [K in RecordKind]: Table<Records[K]> } = {
    checkoutSession: new Table(),
    sessionPlan: new Table(),
    paymentIntent: new Table(),
    paymentMethod: new Table(),
    charge: new Table(),
    refund: new Table(),
    balanceTransaction: new Table(),
    event: new Table(),
    webhookEndpoint: new Table(),
    delivery: new Table(),
    idempotentResult: new Table(),
    settlementRate: new Table(),
  };
  ids: IdSource;
  stamp: RequestStamp | null = null;
  readonly #journal: Journal | null;
  readonly #listeners: ((changed: readonly Changed[]) => void)[] = [];
  #written = new Map<string, Changed>();
  #undo: (() => void)[] = [];

  constructor(options: { journalPath?: string | undefined; startAt?: Date | undefined; idSeed?: string | undefined }) {
    this.clock = new SandboxClock();
    this.ids = new IdSource(options.idSeed ?? newIdSeed());
    let known = false;
    this.#journal =
      options.journalPath === undefined
        ? null
        : Journal.open(options.journalPath, (entry) => {
            known = true;
            this.#replay(entry as JournalEntry);
          });
    if (!known) this.#journal?.append({ idSeed: this.ids.seed } satisfies JournalEntry);
    if (options.startAt !== undefined) this.moveClock((clock) => clock.set(options.startAt ?? null));
  }

  /** Called after each unit of work that changed something, and after the clock was moved. */
  onChange(listener: (changed: readonly Changed[]) => void): void {
    this.#listeners.push(listener);
  }

  /** One unit of work: its changes become one journal line, or are undone if it throws. Must not be asynchronous. */
  perform<T>(stamp: RequestStamp | null, work: () => T): T {
    this.stamp = stamp;
    try {
      const result = work();
      this.#commit();
      return result;
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      this.#forgetPending();
      throw error;
    } finally {
      this.stamp = null;
    }
  }

  put<K extends RecordKind>(kind: K, row: Records[K]): Records[K] {
    const table = this.#table(kind);
    const previous = table.get(row.id);
    this.#undo.push(() => (previous === undefined ? table.remove(row.id) : table.put(previous)));
    table.put(row);
    this.#written.set(`${kind}/${row.id}`, [kind, row.id]);
    return row;
  }

  remove(kind: RecordKind, id: string): void {
    const table = this.#table(kind);
    const previous = table.get(id);
    if (previous === undefined) return;
    this.#undo.push(() => table.put(previous));
    table.remove(id);
    this.#written.set(`${kind}/${id}`, [kind, id]);
  }

  moveClock(move: (clock: SandboxClock) => void): void {
    move(this.clock);
    this.#journal?.append({ clockOffsetMs: this.clock.offsetMs } satisfies JournalEntry);
    for (const listener of this.#listeners) listener([]);
  }

  close(): void {
    this.#journal?.close();
  }

  #table<K extends RecordKind>(kind: K): Table<Records[K]> {
    return this.tables[kind];
  }

  #commit(): void {
    if (this.#written.size === 0) return this.#forgetPending();
    const put: [RecordKind, Records[RecordKind]][] = [];
    const remove: [RecordKind, string][] = [];
    for (const [kind, id] of this.#written.values()) {
      const row = this.tables[kind].get(id);
      if (row === undefined) remove.push([kind, id]);
      else put.push([kind, row]);
    }
    this.#journal?.append({ issued: this.ids.issued, put, ...(remove.length > 0 && { remove }) } satisfies JournalEntry);
    const changed = [...this.#written.values()];
    this.#forgetPending();
    for (const listener of this.#listeners) listener(changed);
  }

  #forgetPending(): void {
    this.#written = new Map();
    this.#undo = [];
  }

  #replay(entry: JournalEntry): void {
    if (entry.idSeed !== undefined) this.ids = new IdSource(entry.idSeed);
    if (entry.issued !== undefined) this.ids.restore(entry.issued);
    if (entry.clockOffsetMs !== undefined) this.clock.setOffset(entry.clockOffsetMs);
    for (const [kind, row] of entry.put ?? []) this.#table<RecordKind>(kind).put(row);
    for (const [kind, id] of entry.remove ?? []) this.#table(kind).remove(id);
  }
}
