import { readFileSync } from 'node:fs';

/** The tables whose rows an atomic block locks, in the order of app/workflows/README.md. */
export function documentedLockOrder(): string[] {
  const readme = readFileSync('app/workflows/README.md', 'utf8');
  const [, section = ''] = /^## Order of locks\n([\s\S]*?)(?=^## )/m.exec(readme) ?? [];
  return [...section.matchAll(/^\d+\. `(\w+)`$/gm)].map(([, table = '']) => table);
}

/** Watches the statements of every connection and reports atomic blocks that lock rows against the documented order. */
export class LockOrderWatch {
  readonly problems: string[] = [];
  readonly #order = documentedLockOrder();
  /** The tables that each connection's open block has locked so far. */
  readonly #open = new Map<number, string[]>();

  readonly see = (connection: number, statement: string): void => {
    if (/^\s*begin\b/i.test(statement)) this.#open.set(connection, []);
    else if (/^\s*(?:commit|rollback)\s*$/i.test(statement)) this.#open.delete(connection);
    else this.#note(connection, lockedTables(statement));
  };

  #note(connection: number, tables: string[]): void {
    const held = this.#open.get(connection);
    if (!held) return;
    for (const table of tables.filter((name) => this.#order.includes(name) && !held.includes(name))) {
      const later = held.find((name) => this.#order.indexOf(name) > this.#order.indexOf(table));
      if (later) this.problems.push(`${table} was locked after ${later}`);
    }
    held.push(...tables);
  }
}

function lockedTables(statement: string): string[] {
  const updated = [...statement.matchAll(/\bupdate\s+"?(\w+)"?(?:\s+(?:as\s+)?\w+)?\s+set\b/gi)].map(([, table = '']) => table);
  const selected = /\bfor (?:no key )?update\b/i.test(statement)
    ? [...statement.matchAll(/\bfrom\s+"?(\w+)"?/gi)].map(([, table = '']) => table)
    : [];
  return [...updated, ...selected];
}
