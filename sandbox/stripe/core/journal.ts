import { closeSync, existsSync, fchmodSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * An append-only file of JSON lines, one line for each completed unit of work.
 * A line is handed to the operating system before the caller is answered, so killing the process loses nothing;
 * only `close` waits for the disk.
 */
export class Journal {
  readonly #fd: number;
  #open = true;

  private constructor(path: string) {
    // The journal holds the keys and tokens of a demo.
    this.#fd = openSync(path, 'a', 0o600);
    fchmodSync(this.#fd, 0o600);
  }

  /** Reads the lines of earlier runs. A last line cut off by a crash was never answered, so it is removed. */
  static open(path: string, replay: (entry: unknown) => void): Journal {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) replayFile(path, replay);
    return new Journal(path);
  }

  append(entry: unknown): void {
    if (!this.#open) return;
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    let written = 0;
    while (written < line.length) written += writeSync(this.#fd, line, written);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }
}

function replayFile(path: string, replay: (entry: unknown) => void): void {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) replay(parseLine(path, index + 1, line));
  if (end < bytes.length) truncateSync(path, end);
}

function parseLine(path: string, number: number, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`The Stripe sandbox's journal ${path} is damaged at line ${number}; move the file away to start afresh.`, { cause });
  }
}
