/**
 * What is known of a lot. Each level follows from facts that stand in the database:
 * 1, Replicate accepted the token and named its account; 4, enough of the seller's credit was burned since its last failure (policy).
 * 0, 2 and 3 are not in use: nothing is listed on a declaration alone, nobody reads documents, and a probe is run only after a failure.
 */
export const levels = [1, 4] as const;
export type Level = (typeof levels)[number];

export const levelNames: Record<Level, string> = { 1: 'token checked', 4: 'seasoned seller' };

export function computeLevel(seller: { seasonedAt: Date | null }): Level {
  return seller.seasonedAt === null ? 1 : 4;
}

/** Reads a level from a row or a URL. Null if there is no such level. */
export function readLevel(value: number): Level | null {
  return levels.find((level) => level === value) ?? null;
}
