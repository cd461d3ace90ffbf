import { curveStepAfter, line } from 'd3-shape';
import { formatDate } from '~/platform/dates';
import { formatNano } from '~/platform/money';
import { toDate, type Moment } from '../ui/time';
import { AxisWords, ChartTable, DayWords, Grid, NoChart, StretchedPath } from './chart-parts';
import { across, axisDollars, createAxis, toDollars, createPlot, type Axis } from './chart-scale';

export interface BurnDownPoint {
  at: Moment;
  /** Face value listed and not yet burned, sold or not. */
  unburnedNano: bigint;
  /** Face value listed and not yet sold. */
  unsoldNano: bigint;
}

interface BurnDownProps {
  /** Oldest first; the last one is now. */
  points: readonly BurnDownPoint[];
  /** The right end of the chart: when the credit expires. */
  expiresAt: Moment;
  height?: number;
}

const LABEL_GAP = 16;

/** Two lines that fall: what is not yet burned (ember) and what is not yet sold (ink), until the credit expires. */
export function BurnDownChart({ points, expiresAt, height = 240 }: BurnDownProps) {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return <NoChart>Nothing sold yet.</NoChart>;
  const plot = createPlot(height);
  const from = toDate(first.at).getTime();
  const until = Math.max(toDate(expiresAt).getTime(), toDate(last.at).getTime(), from + 1);
  const share = (at: Moment) => (toDate(at).getTime() - from) / (until - from);
  const axis = createAxis(plot, 0, Math.max(...points.map(({ unburnedNano }) => toDollars(unburnedNano))));
  const path = (read: (point: BurnDownPoint) => bigint) =>
    line<BurnDownPoint>()
      .x((point) => share(point.at) * 1_000)
      .y((point) => axis.y(toDollars(read(point))))
      .curve(curveStepAfter)
      .digits(1)([...points]) ?? '';
  const words = `${formatNano(last.unburnedNano)} not yet burned, ${formatNano(last.unsoldNano)} not yet sold; the credit expires on ${formatDate(toDate(expiresAt))}`;
  return (
    <>
      <svg className="chart" height={height} role="img" aria-label={`Burn-down: ${words}`}>
        <Grid plot={plot} axis={axis} />
        <StretchedPath plot={plot} d={path((point) => point.unsoldNano)} className="line" />
        <StretchedPath plot={plot} d={path((point) => point.unburnedNano)} className="line line-burn" />
        <AxisWords axis={axis} word={axisDollars} />
        <Ends axis={axis} last={last} share={share(last.at)} />
        <DayWords
          plot={plot}
          marks={[0, 0.25, 0.5, 0.75, 1].map((part) => ({ share: part, at: new Date(from + part * (until - from)) }))}
        />
      </svg>
      <BurnDownTable points={points} />
    </>
  );
}

/** Dots at the present values, with their amounts. The lower label moves down if the two would overlap. */
function Ends({ axis, last, share }: { axis: Axis; last: BurnDownPoint; share: number }) {
  const burnY = axis.y(toDollars(last.unburnedNano));
  const soldY = axis.y(toDollars(last.unsoldNano));
  const late = share > 0.55;
  const at = { x: across(share), dx: late ? -8 : 8, textAnchor: late ? ('end' as const) : ('start' as const) };
  return (
    <>
      <circle className="dot" cx={across(share)} cy={burnY} r="5" />
      <circle className="dot dot-ink" cx={across(share)} cy={soldY} r="5" />
      <text className="label label-burn" y={burnY - 8} {...at}>
        {formatNano(last.unburnedNano)} unburned
      </text>
      <text className="label" y={Math.max(soldY + 4, burnY - 8 + LABEL_GAP)} {...at}>
        {formatNano(last.unsoldNano)} unsold
      </text>
    </>
  );
}

function BurnDownTable({ points }: { points: readonly BurnDownPoint[] }) {
  return (
    <ChartTable
      summary="Burn-down as a table"
      caption="Not yet burned and not yet sold, by day"
      rows={[...points].reverse()}
      rowKey={({ at }) => toDate(at).toISOString()}
      columns={[
        { key: 'day', head: 'Day', rowHead: true, cell: ({ at }) => formatDate(toDate(at)) },
        { key: 'unburned', head: 'Not yet burned', numeric: true, cell: ({ unburnedNano }) => formatNano(unburnedNano) },
        { key: 'unsold', head: 'Not yet sold', numeric: true, cell: ({ unsoldNano }) => formatNano(unsoldNano) },
      ]}
    />
  );
}
