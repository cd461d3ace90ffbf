import { DAY_MS, toDateInput } from '~/platform/dates';
import { divide } from '~/platform/money';

interface OpenGrant {
  endsAt: Date;
  availableNano: bigint;
}

/** The credit whose burn window ends on one day (UTC). */
export interface BurnWindow {
  endsAt: Date;
  daysLeft: number;
  /** The credit left to burn in it. */
  availableNano: bigint;
  /** The credit that stays unburned at the present pace, if earlier windows are burned first. */
  unburnedNano: bigint;
  /** The daily burn needed to use this window and those before it. Rounded up. */
  neededPerDayNano: bigint;
}

/** The windows of a wallet's open grants, earliest first (the order in which they burn), at a pace of `paceNano` a day. */
export function burnWindows(now: Date, grants: readonly OpenGrant[], paceNano: bigint): BurnWindow[] {
  let before = 0n;
  let burned = 0n;
  return byDay(grants).map(({ endsAt, availableNano }) => {
    const msLeft = BigInt(Math.max(1, endsAt.getTime() - now.getTime()));
    const day = BigInt(DAY_MS);
    const room = (paceNano * msLeft) / day - burned;
    const burns = room < availableNano ? room : availableNano;
    burned += burns;
    before += availableNano;
    return {
      endsAt,
      daysLeft: Math.floor(Number(msLeft) / DAY_MS),
      availableNano,
      unburnedNano: availableNano - burns,
      neededPerDayNano: divide(before * day, msLeft < day ? day : msLeft, 'up'),
    };
  });
}

function byDay(grants: readonly OpenGrant[]): OpenGrant[] {
  const days = new Map<string, OpenGrant>();
  const sorted = grants.filter((grant) => grant.availableNano > 0n).sort((a, b) => a.endsAt.getTime() - b.endsAt.getTime());
  for (const { endsAt, availableNano } of sorted) {
    const day = toDateInput(endsAt);
    const known = days.get(day);
    days.set(day, { endsAt: known?.endsAt ?? endsAt, availableNano: (known?.availableNano ?? 0n) + availableNano });
  }
  return [...days.values()];
}

/** A near deadline always warns; a later one only when the buyer's pace is known. */
const NEAR_DAYS = 21;
const PACE_KNOWN_AFTER_DAYS = 7;

/**
 * The first window that the present pace does not burn in time, or null. The pace of a buyer who first bought within seven days says
 * little, so only near windows count then.
 */
export function windowAtRisk(windows: readonly BurnWindow[], daysSinceFirstPurchase: number): BurnWindow | null {
  const paceKnown = daysSinceFirstPurchase >= PACE_KNOWN_AFTER_DAYS;
  return windows.find((window) => window.unburnedNano > 0n && (paceKnown || window.daysLeft <= NEAR_DAYS)) ?? null;
}
