import { formatDate } from '~/platform/dates';
import type { NamedLot } from '~/platform/lot-name';
import { formatNano, formatPercent } from '~/platform/money';
import { Link } from './ui/link';

/** A lot's name in a table: amount and discount lead to it, the expiry stands below. The same words as `lotName`. */
export function LotLink({ to, lot }: { to: string; lot: NamedLot }) {
  return (
    <>
      <Link to={to} className="nowrap">
        {formatNano(lot.faceNano)} at {formatPercent(lot.discountBps)} off
      </Link>
      <span className="sub nowrap">expires {formatDate(lot.creditExpiresAt)}</span>
    </>
  );
}
