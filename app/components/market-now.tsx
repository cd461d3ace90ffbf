import { formatNanoWhole, formatPricePerUsd } from '~/platform/money';
import { LotBar } from './lot-bar';
import { Stat, Stats } from './ui/stats';

interface MarketNowProps {
  bestDiscountBps: number | null;
  onSaleNano: bigint;
  lots: number;
  soldDayNano: bigint;
}

/** The market beside a form: today's best price as a bar, and three figures. Renders nothing while nothing is on sale. */
export function MarketNow({ market }: { market: MarketNowProps | undefined }) {
  if (!market || market.bestDiscountBps === null) return <div />;
  const { bestDiscountBps, onSaleNano, lots, soldDayNano } = market;
  const price = formatPricePerUsd(bestDiscountBps);
  return (
    <section aria-label="Market now">
      <p className="big-price">
        <b>{price}</b>
        <span>buys $1.00 of Replicate credit today</span>
      </p>
      <div className="space-above-5">
        <LotBar
          size="hero"
          faceNano={1_000_000_000n}
          discountBps={bestDiscountBps}
          pay={price}
          save={formatPricePerUsd(10_000 - bestDiscountBps)}
          label={`${price} pays for $1.00 of credit at the best price`}
        />
      </div>
      <Stats className="space-above-5">
        <Stat label="On sale" value={formatNanoWhole(onSaleNano)} note={lots === 1 ? '1 lot' : `${lots} lots`} />
        <Stat label="Sold in 24 h" value={formatNanoWhole(soldDayNano)} note="face value" />
      </Stats>
    </section>
  );
}
