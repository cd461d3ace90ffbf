import { availableParallelism, totalmem } from 'node:os';
import type { Measured, Spread } from './measure';

export interface Goal {
  /** For example "market page ÷ stock Remix". */
  name: string;
  ratio: number;
  /** A floor, unless `atMost`. */
  goal: number;
  atMost?: boolean;
}

/** Prints medians (least–most), one candidate a line. */
export function printTable(title: string, rows: Iterable<Measured>): void {
  const cells = [...rows].map(({ name, perSecond, nodeMicros, postgresMicros, p50Ms, p99Ms }) => [
    name,
    spread(perSecond, 0),
    spread(nodeMicros, 0),
    spread(postgresMicros, 0),
    spread(p50Ms, 2),
    spread(p99Ms, 2),
  ]);
  const head = [title, 'per second', 'node µs each', 'Postgres µs each', 'p50 ms', 'p99 ms'];
  const widths = head.map((text, column) => Math.max(text.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ');
  say(`\n${line(head)}\n${cells.map(line).join('\n')}`);
}

/** Prints each ratio beside its goal. */
export function printGoals(goals: Goal[]): void {
  const widest = Math.max(...goals.map(({ name }) => name.length));
  for (const { name, ratio, goal, atMost = false } of goals) {
    const met = atMost ? ratio <= goal : ratio >= goal;
    say(`${name.padEnd(widest)}  ${ratio.toFixed(2).padStart(6)}  goal ${atMost ? '≤' : '≥'} ${goal}  ${met ? 'met' : 'MISSED'}`);
  }
}

export function printMachine(): void {
  say(
    `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}; medians of three runs (least–most)`,
  );
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function spread(value: Spread | undefined, digits: number): string {
  if (!value) return '–';
  const text = (part: number) => part.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text(value.median)} (${text(value.min)}–${text(value.max)})`;
}
