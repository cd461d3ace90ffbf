import { formatPercent, formatPricePerUsd } from '~/platform/money';
import { Badge } from './ui/badge';

/** "58.0% off". */
export function DiscountBadge({ discountBps }: { discountBps: number }) {
  return <Badge tone="save">{formatPercent(discountBps)} off</Badge>;
}

/** "42.0¢ per $1"; in a list the figure alone, where the column's head says the rest. */
export function Price({ discountBps, unit = true }: { discountBps: number; unit?: boolean }) {
  return (
    <span className="nowrap">
      <span className="price">{formatPricePerUsd(discountBps)}</span>
      {unit && <span className="soft"> per $1</span>}
    </span>
  );
}
