import { isTimed, type Metrics, type Price, type PriceFacts } from './price';
import { millionths, priceQuantity, quantityOf, wholeUnits, type Quantity } from './quantities';
import { tierOfRun } from './tiers';

export type FinalStatus = 'succeeded' | 'failed' | 'canceled' | 'aborted';

/** What is left to say of a prediction that has ended. */
export interface Ending {
  status: FinalStatus;
  metrics: Metrics;
  /** Seconds between its start and its end by Replicate's clock, where both are known. */
  seconds: number | null;
  /** How many outputs it left, where that can be counted. */
  outputs: number | null;
}

/**
 * What a run costs (docs/replicate.md#cost-and-balance), status first, since failed runs carry metrics too. `free`: nothing. `unmetered`: Replicate may
 * charge the lot, but nothing says how much: nobody pays, and it stands as an exposure. `waiting`: the metrics are not there yet.
 */
export type Cost = { kind: 'cost'; nano: bigint } | { kind: 'free' } | { kind: 'unmetered' } | { kind: 'waiting' };

export function costOf(price: Price, facts: PriceFacts, ending: Ending): Cost {
  switch (ending.status) {
    case 'failed':
    case 'aborted':
      return { kind: 'free' };
    case 'succeeded':
      return metered(price, facts, ending) ?? { kind: 'waiting' };
    case 'canceled':
      return metered(price, facts, ending) ?? canceledUnmetered(price, ending);
  }
}

function metered(price: Price, facts: PriceFacts, { metrics }: Ending): Cost | null {
  const quantity = quantityOf(price.unit, metrics);
  return quantity && { kind: 'cost', nano: priceQuantity(tierOfRun(price, facts, metrics), quantity) };
}

function canceledUnmetered(price: Price, { seconds }: Ending): Cost {
  if (!isTimed(price)) return { kind: 'unmetered' };
  const units = millionths(seconds);
  return units === null ? { kind: 'free' } : { kind: 'cost', nano: priceQuantity(price.tiers[0], { units, outputUnits: 0n }) };
}

/**
 * A succeeded run whose metrics never came: what its own traces say, else all that was authorized. The run is flagged as estimated.
 */
export function estimateOf(price: Price, facts: PriceFacts, ending: Ending, authorizedNano: bigint): bigint {
  const quantity = traces(price, ending);
  const nano = quantity ? priceQuantity(tierOfRun(price, facts, ending.metrics), quantity) : authorizedNano;
  return nano < authorizedNano ? nano : authorizedNano;
}

function traces(price: Price, { seconds, outputs }: Ending): Quantity | null {
  if (isTimed(price)) {
    const units = millionths(seconds);
    return units === null ? null : { units, outputUnits: 0n };
  }
  const counted = price.unit === 'output_image' || price.unit === 'output_audio_file';
  return counted && outputs !== null ? { units: wholeUnits(outputs), outputUnits: 0n } : null;
}
