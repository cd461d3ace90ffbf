import { formatDate } from './dates';
import { formatNano, formatPercent } from './money';

export interface NamedLot {
  faceNano: bigint;
  discountBps: number;
  creditExpiresAt: Date;
}

/** The name of a lot on pages, in titles and mails: "$600.00 at 42.0% off, expires 12 Mar 2027". */
export function lotName({ faceNano, discountBps, creditExpiresAt }: NamedLot): string {
  return `${formatNano(faceNano)} at ${formatPercent(discountBps)} off, expires ${formatDate(creditExpiresAt)}`;
}
