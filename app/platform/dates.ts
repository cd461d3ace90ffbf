export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const MINUTE_MS = 60_000;

export function addMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

export function addDays(at: Date, days: number): Date {
  return addMs(at, days * DAY_MS);
}

/** Whole days from one time to another, rounded down; negative when it has passed. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY_MS);
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC', hourCycle: 'h23' });

/** "22 Nov 2026" (UTC). */
export function formatDate(at: Date): string {
  return dateFormat.format(at).replace('Sept', 'Sep');
}

/** "22 Nov 2026, 14:05 UTC". */
export function formatDateTime(at: Date): string {
  return `${formatDate(at)}, ${timeFormat.format(at)} UTC`;
}

const secondFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
  hourCycle: 'h23',
});

/** "22 Nov 2026, 14:05:09 UTC", where several things happen within a minute. */
export function formatDateTimeSeconds(at: Date): string {
  return `${formatDate(at)}, ${secondFormat.format(at)} UTC`;
}

/** yyyy-mm-dd for a date field. */
export function toDateInput(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Reads yyyy-mm-dd as 00:00 UTC of that day (the meaning of "Credit expires on"). Null if there is no such day. */
export function parseDateInput(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = new Date(`${text}T00:00:00.000Z`);
  return Number.isNaN(at.getTime()) || toDateInput(at) !== text ? null : at;
}
