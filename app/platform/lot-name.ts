import { formatDate } from './dates';
import { formatNano, formatPercent } from './money';

export interface NamedLot {
  faceNano: bigint;
  discountBps: number;
  creditExpiresAt: Date;
}

/** What people call a lot: "$600.00 at 42.0% off, expires 12 Mar 2027". The same words on pages, in titles and in mails. */
export function lotName({ faceNano, discountBps, creditExpiresAt }: NamedLot): string {
  return `${formatNano(faceNano)} at ${formatPercent(discountBps)} off, expires ${formatDate(creditExpiresAt)}`;
}
