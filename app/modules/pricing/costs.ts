import { isTimed, type Metrics, type Price, type PriceFacts } from './price';
import { millionths, priceQuantity, readQuantity, wholeUnits, type Quantity } from './quantities';
import { tierOfRun } from './tiers';

export type FinalStatus = 'succeeded' | 'failed' | 'canceled' | 'aborted';

/** What is left to say of a prediction that has ended. */
export interface Ending {
  status: FinalStatus;
  metrics: Metrics;
  /** Whether it began to run: one that was canceled before costs nothing. */
  hasStarted: boolean;
  /** Seconds between its start and its end by Replicate's clock, where both are known. */
  seconds: number | null;
  /** How many outputs it left: files, or pieces of text. Null where there is none. */
  outputs: number | null;
  /** Characters of the text that it was given and that it wrote. */
  readChars: number;
  writtenChars: number;
  /** What of its output the buyer had seen before it ended, in nano-USD. */
  deliveredNano: bigint;
  /** What was set aside for it, the most that anybody pays. */
  authorizedNano: bigint;
}

/**
 * What a run costs (docs/replicate.md#cost-and-balance), status first, since failed runs carry metrics too. `free`: nothing. `estimate`: a canceled run
 * without its metric, priced by what was delivered. `unmetered`: Replicate may charge the lot for a canceled run, but nothing says how
 * much: nobody pays, and it stands as an exposure. `waiting`: the metrics are not there yet.
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

/** Replicate's metrics are there, but not the one that prices the run: files that it left and the time that it took say the same. */
function counted(price: Price, facts: PriceFacts, ending: Ending): Cost | null {
  const { metrics } = ending;
  if (metrics.predict_time === undefined && metrics.total_time === undefined) return null;
  const quantity = price.unit === 'token' ? null : traces(price, ending);
  return quantity && { kind: 'cost', nano: priceQuantity(tierOfRun(price, facts, metrics), quantity) };
}

/** Replicate charges canceled runs since 2025-10-16: so the buyer pays for what was delivered, as far as that can be told. */
function canceledUnmetered(price: Price, facts: PriceFacts, ending: Ending): Cost {
  const nano = computeDeliveredCost(price, facts, ending);
  const most = nano > ending.deliveredNano ? nano : ending.deliveredNano;
  if (most > 0n) return { kind: isTimed(price) ? 'cost' : 'estimate', nano: most };
  return { kind: isTimed(price) || !ending.hasStarted ? 'free' : 'unmetered' };
}

/** What the output so far costs, never above what was authorized; 0 when there is none. A lone file of video or sound is the whole of it. */
export function computeDeliveredCost(price: Price, facts: PriceFacts, ending: Ending): bigint {
  const quantity = traces(price, ending);
  if (quantity) return atMost(priceQuantity(tierOfRun(price, facts, ending.metrics), quantity), ending.authorizedNano);
  return ending.outputs === null || isTimed(price) ? 0n : ending.authorizedNano;
}

/**
 * A succeeded run whose metrics never came: what its own traces say, else all that was authorized. The run is flagged as estimated.
 */
export function estimateCost(price: Price, facts: PriceFacts, ending: Ending): bigint {
  const quantity = traces(price, ending);
  return quantity ? atMost(priceQuantity(tierOfRun(price, facts, ending.metrics), quantity), ending.authorizedNano) : ending.authorizedNano;
}

function atMost(nano: bigint, most: bigint): bigint {
  return nano < most ? nano : most;
}

/** Models count about so many characters as one token. */
const CHARS_OF_A_TOKEN = 4;

/** How much a run used, as far as its output and its times tell; null when they do not. */
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
      // Most language models send one piece a token.
      return { units: tokens(readChars), outputUnits: wholeUnits(Math.max(outputs, Math.ceil(writtenChars / CHARS_OF_A_TOKEN))) };
    default:
      return null;
  }
}

function tokens(chars: number): bigint {
  return wholeUnits(Math.ceil(chars / CHARS_OF_A_TOKEN));
}
