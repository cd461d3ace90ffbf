import { computePrice, usdToNano } from '../world/money';
import type { FinalStatus, Metrics } from '../world/records';

/** Published price per second of each kind of hardware, in US dollars. */
export const HARDWARE_USD_PER_SECOND = {
  cpu: '0.000100',
  'gpu-t4': '0.000225',
  'gpu-l40s': '0.000975',
  'gpu-l40s-2x': '0.001950',
  'gpu-a100-large': '0.001400',
  'gpu-a100-large-2x': '0.002800',
  'gpu-h100': '0.001525',
} as const;

export type HardwareSku = keyof typeof HARDWARE_USD_PER_SECOND;

/** How a model is billed. `metric` names the reported quantity; prices are US dollars per unit. */
export type Price =
  | { kind: 'time'; hardware: HardwareSku }
  | { kind: 'unit'; metric: string; usd: string }
  | { kind: 'tiered_unit'; metric: string; tierMetric: string; usdByTier: Record<string, string> }
  | { kind: 'tokens'; inputMetric: string; outputMetric: string; inputUsd: string; outputUsd: string };

/**
 * The cost of a finished prediction in nano-USD, rounded up once.
 * A failed run of a public model and an aborted one are free; a canceled one costs what its metrics say.
 */
export function chargeFor(price: Price, visibility: 'public' | 'private', status: FinalStatus, metrics: Metrics): bigint {
  if (status === 'aborted') return 0n;
  if (status === 'failed' && visibility === 'public') return 0n;
  return fullPrice(price, metrics);
}

function fullPrice(price: Price, metrics: Metrics): bigint {
  switch (price.kind) {
    case 'time':
      return computePrice(quantity(metrics, 'predict_time'), usdToNano(HARDWARE_USD_PER_SECOND[price.hardware]));
    case 'unit':
      return computePrice(quantity(metrics, price.metric), usdToNano(price.usd));
    case 'tiered_unit':
      if (quantity(metrics, price.metric) === 0) return 0n;
      return computePrice(quantity(metrics, price.metric), usdToNano(tierPrice(price.usdByTier, metrics[price.tierMetric])));
    case 'tokens':
      return (
        computePrice(quantity(metrics, price.inputMetric), usdToNano(price.inputUsd)) +
        computePrice(quantity(metrics, price.outputMetric), usdToNano(price.outputUsd))
      );
  }
}

function tierPrice(usdByTier: Record<string, string>, tier: Metrics[string] | undefined): string {
  const usd = usdByTier[String(tier)];
  if (usd === undefined) throw new Error(`No price for the tier ${String(tier)}.`);
  return usd;
}

function quantity(metrics: Metrics, name: string): number {
  const value = metrics[name];
  return typeof value === 'number' ? value : 0;
}
