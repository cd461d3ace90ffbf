import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in ticks of a hundredth of a second. */
const MICROS_PER_TICK = 10_000;

/** CPU microseconds that a process and its children, living and ended, have used. PostgreSQL forks one for each connection. */
export function cpuMicros(pid: number): number {
  const own = readStat(pid);
  if (!own) return 0;
  const living = listChildren(pid).reduce((sum, child) => sum + cpuMicros(child), 0);
  return own.spent * MICROS_PER_TICK + living;
}

function readStat(pid: number): { spent: number; parent: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The fields after the name in brackets, which may hold blanks: state, parent, …, utime, stime, cutime, cstime (14 to 17 of proc(5)).
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1] ?? 0, spent: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return null;
  }
}

function listChildren(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readStat(pid)?.parent === parent);
}
