import { curveStepAfter, line } from 'd3-shape';
import { formatDate } from '~/platform/dates';
import { formatNano, formatPercent, formatPricePerUsd } from '~/platform/money';
import { toDate, type Moment } from '../ui/time';
import { AxisWords, ChartTable, DayWords, Grid, NoChart, StretchedPath } from './chart-parts';
import { across, createAxis, toDollars, createPlot, spread, type Plot } from './chart-scale';

export interface PricePoint {
  at: Moment;
  /** The discount at that time; null on a day without a sale. */
  discountBps: number | null;
  /** Face value sold in that time; draws the grey bars. */
  soldNano?: bigint;
}

interface PriceHistoryProps {
  /** Oldest first, evenly spaced (days). */
  points: readonly PricePoint[];
  /** "Price per $1 by day". */
  title?: string;
  height?: number;
}

type Priced = PricePoint & { discountBps: number; index: number };

/** Cents per dollar of credit. */
function pricePerDollar(discountBps: number): number {
  return (10_000 - discountBps) / 100;
}

/** The share of the plot's height the volume bars may take. */
const VOLUME_SHARE = 0.3;

/** Price per $1 as a line, credit sold as grey bars. The price axis does not begin at 0. */
export function PriceHistoryChart({ points, title = 'Price per $1 by day', height = 240 }: PriceHistoryProps) {
  const priced = points.flatMap((point, index): Priced[] =>
    point.discountBps === null ? [] : [{ ...point, discountBps: point.discountBps, index }],
  );
  const first = points[0];
  const last = priced.at(-1);
  if (!first || !last) return <NoChart>No sale in this time.</NoChart>;
  const plot = createPlot(height);
  const prices = priced.map(({ discountBps }) => pricePerDollar(discountBps));
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const axis = createAxis(plot, Math.max(0, Math.floor(low / 5) * 5 - 5), Math.min(100, high + 2));
  const share = (index: number) => (index + 0.5) / points.length;
  const lastY = axis.y(pricePerDollar(last.discountBps));
  const path = line<Priced>()
    .x((point) => share(point.index) * 1_000)
    .y((point) => axis.y(pricePerDollar(point.discountBps)))
    .curve(curveStepAfter)
    .digits(1)(priced);
  const words = `lowest ${low.toFixed(1)}¢, highest ${high.toFixed(1)}¢, latest ${formatPricePerUsd(last.discountBps)}`;
  return (
    <>
      <svg className="chart" height={height} role="img" aria-label={`${title}: ${words}`}>
        <Grid plot={plot} axis={axis} />
        <VolumeBars plot={plot} points={points} />
        <StretchedPath plot={plot} d={path ?? ''} className="line" />
        <AxisWords axis={axis} word={(cents) => `${cents}¢`} />
        <circle className="dot dot-ink" cx={across(share(last.index))} cy={lastY} r="5" />
        <text className="label" x={across(share(last.index))} dx="-8" y={lastY - 9} textAnchor="end">
          {formatPricePerUsd(last.discountBps)}
        </text>
        <DayWords
          plot={plot}
          marks={spread(points.length).map((index) => ({
            share: points.length === 1 ? 0 : index / (points.length - 1),
            at: toDate(points[index]?.at ?? first.at),
          }))}
        />
      </svg>
      <PriceTable points={points} caption={title} />
    </>
  );
}

function VolumeBars({ plot, points }: { plot: Plot; points: readonly PricePoint[] }) {
  const most = Math.max(...points.map(({ soldNano }) => toDollars(soldNano ?? 0n)));
  if (most === 0) return null;
  const slot = 1 / points.length;
  const tallest = (plot.bottom - plot.top) * VOLUME_SHARE;
  return (
    <>
      {points.map(({ at, soldNano }, index) => {
        const height = Number(((toDollars(soldNano ?? 0n) / most) * tallest).toFixed(1));
        return (
          <rect
            key={toDate(at).getTime()}
            className="volume"
            x={across((index + 0.15) * slot)}
            width={across(0.7 * slot)}
            y={plot.bottom - height}
            height={height}
          />
        );
      })}
    </>
  );
}

function PriceTable({ points, caption }: { points: readonly PricePoint[]; caption: string }) {
  const withVolume = points.some(({ soldNano }) => soldNano !== undefined);
  return (
    <ChartTable<PricePoint>
      summary="Prices as a table"
      caption={caption}
      rows={[...points].reverse()}
      rowKey={({ at }) => toDate(at).toISOString()}
      columns={[
        { key: 'day', head: 'Day', rowHead: true, cell: ({ at }) => formatDate(toDate(at)) },
        {
          key: 'price',
          head: 'Price per $1',
          numeric: true,
          cell: ({ discountBps }) => (discountBps === null ? 'no sale' : formatPricePerUsd(discountBps)),
        },
        {
          key: 'discount',
          head: 'Discount',
          numeric: true,
          cell: ({ discountBps }) => (discountBps === null ? '–' : formatPercent(discountBps)),
        },
        ...(withVolume
          ? [{ key: 'sold', head: 'Sold', numeric: true, cell: ({ soldNano }: PricePoint) => formatNano(soldNano ?? 0n) }]
          : []),
      ]}
    />
  );
}
