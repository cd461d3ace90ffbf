const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000 } as const;
const SHORTEST_MS = 5_000;
const LONGEST_MS = 24 * 3_600_000;
const LONGEST_WAIT_SECONDS = 60;

/** A `Cancel-After` header ("90", "30s", "15m", "1h30m") in milliseconds; undefined when malformed or outside 5 seconds to 24 hours. */
export function cancelAfterMs(header: string): number | undefined {
  const text = /^\d+(\.\d+)?$/.test(header.trim()) ? `${header.trim()}s` : header.trim();
  const match = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (!match) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  const ms = Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s;
  return ms >= SHORTEST_MS && ms <= LONGEST_MS ? Math.round(ms) : undefined;
}

/** How many milliseconds `Prefer: wait[=n]` may delay the answer: at most a minute; 0 without the header. */
export function preferredWaitMs(header: string | undefined): number {
  const match = /(?:^|[\s,;])wait(?:=(\d+))?(?:$|[\s,;])/.exec(header ?? '');
  if (!match) return 0;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Number(match[1] ?? LONGEST_WAIT_SECONDS))) * 1_000;
}
