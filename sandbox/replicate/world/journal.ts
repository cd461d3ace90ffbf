import { closeSync, existsSync, fchmodSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readMutation, writeMutation, type Mutation } from './mutations';

/** An append-only file of mutations, one JSON line each; without a path nothing is stored. */
export interface Journal {
  append(mutation: Mutation): void;
  close(): void;
}

/** Replays the file into `apply` and opens it for appending. A last line torn by a crash is cut off; any other damage throws. */
export function openJournal(path: string | undefined, apply: (mutation: Mutation) => void): Journal {
  if (path === undefined) return { append: () => undefined, close: () => undefined };
  mkdirSync(dirname(path), { recursive: true });
  replay(path, apply);
  // The journal holds the keys and tokens of a demo.
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600);
  return {
    append: (mutation) => void writeSync(file, `${writeMutation(mutation)}\n`),
    close: () => closeSync(file),
  };
}

function replay(path: string, apply: (mutation: Mutation) => void): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  const wholeLines = bytes.lastIndexOf(0x0a) + 1;
  if (wholeLines < bytes.length) truncateSync(path, wholeLines);
  const lines = bytes.toString('utf8', 0, wholeLines).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    apply(parseLine(line, `${path}:${index + 1}`));
  }
}

function parseLine(line: string, place: string): Mutation {
  try {
    return readMutation(line);
  } catch (cause) {
    throw new Error(`The sandbox journal is damaged at ${place}; move the file away to start afresh.`, { cause });
  }
}
