import { chmodSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read, also when an older version had left it open to others. */
export function writePrivate(path, text) {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
