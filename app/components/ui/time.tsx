import type { ReactNode } from 'react';
import { formatDate, formatDateTime, formatDateTimeSeconds } from '~/platform/dates';

/** A point in time: a Date, or the ISO text that JSON makes of it. */
export type Moment = Date | string;

export function toDate(at: Moment): Date {
  return typeof at === 'string' ? new Date(at) : at;
}

/** An absolute time in UTC: "22 Nov 2026, 14:05 UTC", with seconds, or only the day; the full time with its zone on hover. */
export function Time({
  at,
  show = 'time',
  className,
  children,
}: {
  at: Moment;
  show?: 'second' | 'time' | 'day';
  className?: string;
  children?: ReactNode;
}) {
  const moment = toDate(at);
  const full = show === 'second' ? formatDateTimeSeconds(moment) : formatDateTime(moment);
  return (
    <time dateTime={moment.toISOString()} title={full} className={className}>
      {children ?? (show === 'day' ? formatDate(moment) : full)}
    </time>
  );
}
