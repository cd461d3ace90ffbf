import { scaleLinear } from 'd3-scale';

/** Where a chart draws: its plot begins under a line of text and ends above the axis words. */
export interface Plot {
  height: number;
  top: number;
  bottom: number;
}

const ABOVE = 18;
const BELOW = 22;

export function createPlot(height: number): Plot {
  return { height, top: ABOVE, bottom: height - BELOW };
}

export interface Axis {
  /** A value's pixel from the top. */
  y: (value: number) => number;
  /** At most four, without the base line. */
  ticks: number[];
}

/** A linear axis that begins at `from` and ends at a round number above `to`. */
export function createAxis(plot: Plot, from: number, to: number): Axis {
  const scale = scaleLinear()
    .domain([from, to > from ? to : from + 1])
    .nice(3)
    .range([plot.bottom, plot.top]);
  const [base = from] = scale.domain();
  return {
    y: (value) => Number(scale(value).toFixed(1)),
    ticks: scale
      .ticks(3)
      .filter((tick) => tick > base)
      .slice(0, 4),
  };
}

/** Nano-USD as dollars, for pixels only; amounts are printed from the bigint. */
export function toDollars(nano: bigint): number {
  return Number(nano / 1_000n) / 1_000_000;
}

/** "$20", "$1,500", "$0.50": words on an axis. */
export function axisDollars(dollars: number): string {
  const digits = Number.isInteger(dollars) ? 0 : 2;
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A share of the width as an SVG length. */
export function across(share: number): string {
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
}

/** Up to five evenly spread indexes of a list, the first and the last among them. */
export function spread(count: number, most = 5): number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: most }, (_, step) => Math.round((step * (count - 1)) / (most - 1)));
}
