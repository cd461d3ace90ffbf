const LARGEST = 10_000_000n;

/** A count as people type it: "1,000". Null where it is none, or above ten million. */
export function readCount(text: string): bigint | null {
  const digits = text.replace(/[,\s]/g, '');
  if (!/^\d{1,8}$/.test(digits)) return null;
  const count = BigInt(digits);
  return count >= 1n && count <= LARGEST ? count : null;
}
