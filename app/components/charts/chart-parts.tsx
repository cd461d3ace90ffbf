import type { ReactNode } from 'react';
import { formatDate } from '~/platform/dates';
import { DataTable, type Column } from '../ui/table';
import { across, type Axis, type Plot } from './chart-scale';

/** Grid lines with their words above, and the base line. Words go last, over the data, so call `AxisWords` after it. */
export function Grid({ plot, axis }: { plot: Plot; axis: Axis }) {
  return (
    <>
      <line className="axis" x1="0" x2="100%" y1={plot.bottom} y2={plot.bottom} />
      {axis.ticks.map((tick) => (
        <line key={tick} className="grid-line" x1="0" x2="100%" y1={axis.y(tick)} y2={axis.y(tick)} />
      ))}
    </>
  );
}

export function AxisWords({ axis, word }: { axis: Axis; word: (tick: number) => string }) {
  return (
    <>
      {axis.ticks.map((tick) => (
        <text key={tick} className="y-label" x="0" y={axis.y(tick) - 4}>
          {word(tick)}
        </text>
      ))}
    </>
  );
}

export interface DayMark {
  /** 0 at the left, 1 at the right. */
  share: number;
  at: Date;
}

/** "24 Oct" under the axis; every other one goes on phones. */
export function DayWords({ plot, marks }: { plot: Plot; marks: readonly DayMark[] }) {
  return (
    <>
      {marks.map(({ share, at }, index) => (
        <text
          key={at.getTime()}
          x={across(share)}
          y={plot.height - 5}
          textAnchor={share <= 0.02 ? 'start' : share >= 0.98 ? 'end' : 'middle'}
          className={index % 2 === 1 ? 'phone-hidden' : undefined}
        >
          {formatDate(at).slice(0, -5)}
        </text>
      ))}
    </>
  );
}

/** Stretches a path to the chart's width; text and dots would be distorted. `d` uses 1000 units across and pixels down. */
export function StretchedPath({ plot, d, className }: { plot: Plot; d: string; className: string }) {
  return (
    <svg width="100%" height={plot.height} viewBox={`0 0 1000 ${plot.height}`} preserveAspectRatio="none" overflow="visible">
      <path className={className} d={d} />
    </svg>
  );
}

interface ChartTableProps<Row> {
  /** "Burn by day as a table". */
  summary: string;
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** The numbers behind a chart. */
export function ChartTable<Row>({ summary, ...table }: ChartTableProps<Row>) {
  return (
    <details>
      <summary>{summary}</summary>
      <DataTable {...table} phone="scroll" />
    </details>
  );
}

/** Replaces a chart without data. */
export function NoChart({ children }: { children: ReactNode }) {
  return <p className="hint">{children}</p>;
}
