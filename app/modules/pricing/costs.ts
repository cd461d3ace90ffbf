import { isTimed, type Metrics, type Price, type PriceFacts } from './price';
import { millionths, priceQuantity, readQuantity, wholeUnits, type Quantity } from './quantities';
import { tierOfRun } from './tiers';

export type FinalStatus = 'succeeded' | 'failed' | 'canceled' | 'aborted';

/** What is known of a prediction that has ended. */
export interface Ending {
  status: FinalStatus;
  metrics: Metrics;
  /** Whether it started. A run that was canceled before costs nothing. */
  hasStarted: boolean;
  /** Seconds from start to end by Replicate's clock, if both are known. */
  seconds: number | null;
  /** Number of outputs: files, or pieces of text. Null without output. */
  outputs: number | null;
  /** Characters of input and output text. */
  readChars: number;
  writtenChars: number;
  /** Cost of the output that the buyer saw before the end, in nano-USD. */
  deliveredNano: bigint;
  /** The authorized amount: the most that the buyer pays. */
  authorizedNano: bigint;
}

/**
 * What a run costs (docs/replicate.md#cost-and-balance). The status decides first, since failed runs have metrics too.
 * `free`: nothing. `estimate`: a canceled run without its metric, priced by its output. `unmetered`: a canceled run with no hint of its
 * cost; the buyer pays nothing and it becomes an exposure. `waiting`: the metrics are not there yet.
 */
export type Cost = { kind: 'cost' | 'estimate'; nano: bigint } | { kind: 'free' } | { kind: 'unmetered' } | { kind: 'waiting' };

export function computeCost(price: Price, facts: PriceFacts, ending: Ending): Cost {
  switch (ending.status) {
    case 'failed':
    case 'aborted':
      return { kind: 'free' };
    case 'succeeded':
      return metered(price, facts, ending) ?? counted(price, facts, ending) ?? { kind: 'waiting' };
    case 'canceled':
      return metered(price, facts, ending) ?? canceledUnmetered(price, facts, ending);
  }
}

function metered(price: Price, facts: PriceFacts, { metrics }: Ending): Cost | null {
  const quantity = readQuantity(price.unit, metrics);
  return quantity && { kind: 'cost', nano: priceQuantity(tierOfRun(price, facts, metrics), quantity) };
}

/** The metrics lack the one that prices the run. Its files and its duration give the same number. */
function counted(price: Price, facts: PriceFacts, ending: Ending): Cost | null {
  const { metrics } = ending;
  if (metrics.predict_time === undefined && metrics.total_time === undefined) return null;
  const quantity = price.unit === 'token' ? null : traces(price, ending);
  return quantity && { kind: 'cost', nano: priceQuantity(tierOfRun(price, facts, metrics), quantity) };
}

/** Replicate charges for canceled runs since 2025-10-16. The buyer pays for the output, as far as it is known. */
function canceledUnmetered(price: Price, facts: PriceFacts, ending: Ending): Cost {
  const nano = computeDeliveredCost(price, facts, ending);
  const most = nano > ending.deliveredNano ? nano : ending.deliveredNano;
  if (most > 0n) return { kind: isTimed(price) ? 'cost' : 'estimate', nano: most };
  return { kind: isTimed(price) || !ending.hasStarted ? 'free' : 'unmetered' };
}

/** Cost of the output so far, at most the authorization; 0 without output. A single video or sound file counts as complete. */
export function computeDeliveredCost(price: Price, facts: PriceFacts, ending: Ending): bigint {
  const quantity = traces(price, ending);
  if (quantity) return atMost(priceQuantity(tierOfRun(price, facts, ending.metrics), quantity), ending.authorizedNano);
  return ending.outputs === null || isTimed(price) ? 0n : ending.authorizedNano;
}

/**
 * The cost of a succeeded run whose metrics never came: from its output and duration, else the whole authorization. The run is marked
 * as estimated.
 */
export function estimateCost(price: Price, facts: PriceFacts, ending: Ending): bigint {
  const quantity = traces(price, ending);
  return quantity ? atMost(priceQuantity(tierOfRun(price, facts, ending.metrics), quantity), ending.authorizedNano) : ending.authorizedNano;
}

function atMost(nano: bigint, most: bigint): bigint {
  return nano < most ? nano : most;
}

/** Average characters per token. */
const CHARS_OF_A_TOKEN = 4;

/** The quantity, derived from output and duration; null if they do not show it. */
function traces(price: Price, { seconds, outputs, readChars, writtenChars }: Ending): Quantity | null {
  if (isTimed(price)) {
    const units = millionths(seconds);
    return units === null ? null : { units, outputUnits: 0n };
  }
  if (outputs === null) return null;
  switch (price.unit) {
    case 'output_image':
    case 'output_audio_file':
      return { units: wholeUnits(outputs), outputUnits: 0n };
    case 'token':
      // Most language models stream one token per piece.
      return { units: tokens(readChars), outputUnits: wholeUnits(Math.max(outputs, Math.ceil(writtenChars / CHARS_OF_A_TOKEN))) };
    default:
      return null;
  }
}

function tokens(chars: number): bigint {
  return wholeUnits(Math.ceil(chars / CHARS_OF_A_TOKEN));
}
