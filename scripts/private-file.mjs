import { chmodSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read, even if an older version was readable by others. */
export function writePrivate(path, text) {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
