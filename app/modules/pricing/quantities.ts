import { divide } from '~/platform/money';
import type { Metrics, PriceUnit, Tier } from './price';

/** Quantities are in millionths (seconds have fractions), so that amounts need no floats. */
const MILLION = 1_000_000n;

/** Replicate's names of each metric, the usual one first. Speech models report characters as tokens. */
const metricNames: Record<Exclude<PriceUnit, 'token'>, readonly string[]> = {
  output_image: ['image_output_count', 'image_count', 'output_image_count'],
  output_video_second: ['video_output_duration_seconds', 'video_duration_seconds'],
  input_character: ['character_input_count', 'input_character_count', 'character_count', 'token_input_count', 'input_token_count'],
  output_audio_file: ['audio_output_count', 'audio_count', 'output_audio_count'],
  output_audio_second: ['audio_output_duration_seconds', 'audio_duration_seconds'],
  hardware_second: ['predict_time'],
};
const tokenInNames = ['token_input_count', 'input_token_count'];
const tokenOutNames = ['token_output_count', 'output_token_count'];

/** Quantity of a run in millionths of a unit; output tokens apart. */
export interface Quantity {
  units: bigint;
  outputUnits: bigint;
}

export function wholeUnits(count: number | bigint): bigint {
  return BigInt(count) * MILLION;
}

/** A metric in millionths; null if it is missing, negative, not a number, or absurdly large. */
export function millionths(value: unknown): bigint | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 1e9) return null;
  return BigInt(Math.round(value * 1_000_000));
}

function firstMetric(metrics: Metrics, names: readonly string[]): bigint | null {
  for (const name of names) {
    const found = millionths(metrics[name]);
    if (found !== null) return found;
  }
  return null;
}

/** The quantity that prices a run, from Replicate's metrics; null if they lack it. */
export function readQuantity(unit: PriceUnit, metrics: Metrics): Quantity | null {
  if (unit === 'token') {
    const units = firstMetric(metrics, tokenInNames);
    const outputUnits = firstMetric(metrics, tokenOutNames);
    return units === null || outputUnits === null ? null : { units, outputUnits };
  }
  const units = firstMetric(metrics, metricNames[unit]);
  return units === null ? null : { units, outputUnits: 0n };
}

/** Price of a quantity in nano-USD, rounded up once. */
export function priceQuantity(tier: Tier, quantity: Quantity): bigint {
  return divide(quantity.units * tier.unitNano + quantity.outputUnits * (tier.outputUnitNano ?? 0n), MILLION, 'up');
}
