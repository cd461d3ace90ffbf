import { formatDate } from '~/platform/dates';
import { formatCents, formatNano, nanoToCents, partsInCents } from '~/platform/money';
import { toDate, type Moment } from '../ui/time';
import { AxisWords, ChartTable, DayWords, Grid, NoChart } from './chart-parts';
import { across, axisDollars, createAxis, toDollars, createPlot, spread } from './chart-scale';

export interface SpendDay {
  day: Moment;
  burnedNano: bigint;
}

interface DailySpendProps {
  /** One for each day, oldest first, empty days included. */
  days: readonly SpendDay[];
  /** A dashed line over the last seven days. */
  paceNano?: bigint;
  height?: number;
}

/** Credit burned by day (UTC) as bars, with a table and its total. */
export function DailySpendChart({ days, paceNano, height = 220 }: DailySpendProps) {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return <NoChart>Nothing burned yet.</NoChart>;
  const totalNano = days.reduce((sum, { burnedNano }) => sum + burnedNano, 0n);
  const plot = createPlot(height);
  const axis = createAxis(plot, 0, Math.max(...days.map(({ burnedNano }) => toDollars(burnedNano)), toDollars(paceNano ?? 0n)));
  const slot = 1 / days.length;
  const label = `Credit burned by day, ${formatDate(toDate(first.day))} to ${formatDate(toDate(last.day))}, ${formatCents(nanoToCents(totalNano, 'up'))} in all`;
  return (
    <>
      {paceNano !== undefined && paceNano > 0n && <PaceKey paceNano={paceNano} />}
      <svg className="chart" height={height} role="img" aria-label={label}>
        <Grid plot={plot} axis={axis} />
        {days.map(({ day, burnedNano }, index) => {
          const y = axis.y(toDollars(burnedNano));
          return (
            <rect
              key={toDate(day).getTime()}
              className="burn-bar"
              x={across((index + 0.1) * slot)}
              width={across(0.8 * slot)}
              y={y}
              height={plot.bottom - y}
            />
          );
        })}
        {paceNano !== undefined && paceNano > 0n && <PaceLine y={axis.y(toDollars(paceNano))} from={Math.max(0, 1 - 7 * slot)} />}
        <AxisWords axis={axis} word={axisDollars} />
        <DayWords
          plot={plot}
          marks={spread(days.length).map((index) => ({
            share: days.length === 1 ? 0 : index / (days.length - 1),
            at: toDate(days[index]?.day ?? first.day),
          }))}
        />
      </svg>
      <SpendTable days={days} totalNano={totalNano} />
    </>
  );
}

function PaceLine({ y, from }: { y: number; from: number }) {
  return <line className="axis" x1={across(from)} x2="100%" y1={y} y2={y} strokeDasharray="3 3" />;
}

function PaceKey({ paceNano }: { paceNano: bigint }) {
  return (
    <ul className="lot-key chart-key">
      <li>
        <svg width="26" height="8" aria-hidden="true">
          <line x2="26" y1="4" y2="4" stroke="var(--ink)" strokeDasharray="3 3" />
        </svg>
        7-day pace, {formatNano(paceNano)} a day
      </li>
    </ul>
  );
}

function SpendTable({ days, totalNano }: { days: readonly SpendDay[]; totalNano: bigint }) {
  const shown = partsInCents(
    days.map((day) => day.burnedNano),
    'up',
  );
  const rows = days.map(({ day }, index) => ({ day, burnedCents: shown[index] ?? 0n })).reverse();
  return (
    <ChartTable
      summary="Burn by day as a table"
      caption="Credit burned by day (UTC)"
      rows={rows}
      rowKey={({ day }) => toDate(day).toISOString()}
      columns={[
        {
          key: 'day',
          head: 'Day',
          rowHead: true,
          cell: ({ day }) => formatDate(toDate(day)),
          total: `${days.length} ${days.length === 1 ? 'day' : 'days'}`,
        },
        {
          key: 'burned',
          head: 'Burned',
          numeric: true,
          cell: ({ burnedCents }) => formatCents(burnedCents),
          total: formatCents(nanoToCents(totalNano, 'up')),
        },
      ]}
    />
  );
}
