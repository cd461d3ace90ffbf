import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn in bulk: a few cost about as much as all of these. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

/** Random bytes as hex digits. Each byte is handed out once. */
export function randomHex(bytes: number): string {
  return take(bytes).toString('hex');
}

/** Random bytes in base64. Each byte is handed out once. */
export function randomBase64(bytes: number): string {
  return take(bytes).toString('base64');
}

function take(bytes: number): Buffer {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const part = stock.subarray(used, used + bytes);
  used += bytes;
  return part;
}
