import { formatNanoWhole, formatPricePerUsd } from '~/platform/money';
import { Time, type Moment } from './ui/time';

export interface MarketFigures {
  /** The largest discount on sale; null when nothing is. */
  bestDiscountBps: number | null;
  onSaleNano: bigint;
  soldDayNano: bigint;
  burnedDayNano: bigint;
  asOf: Moment;
}

/** The state of the market in one line, under the header. */
export function MarketStrip({ bestDiscountBps, onSaleNano, soldDayNano, burnedDayNano, asOf }: MarketFigures) {
  return (
    <aside className="market-strip" aria-label="The market now">
      <dl className="sheet">
        <Figure term="Best price" value={bestDiscountBps === null ? 'none on sale' : formatPricePerUsd(bestDiscountBps)} />
        <Figure term="On sale" value={formatNanoWhole(onSaleNano)} />
        <Figure term="Sold in 24 h" value={formatNanoWhole(soldDayNano)} />
        <Figure term="Burned in 24 h" value={formatNanoWhole(burnedDayNano)} />
        <div>
          <dt>As of</dt>
          <dd>
            <Time at={asOf} />
          </dd>
        </div>
      </dl>
    </aside>
  );
}

function Figure({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
