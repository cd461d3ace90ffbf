/** A row of the price book, in nano-USD. Pure: pages, the gateway and settlement share it. */
import { priceUnits } from '~db/words';

export { priceUnits };
export type PriceUnit = (typeof priceUnits)[number];

export interface Tier {
  /** The condition of this tier, such as {"with_audio": true}. Empty: always. */
  when: Record<string, string | boolean>;
  /** Per unit; per input token; per second of hardware. */
  unitNano: bigint;
  /** Per output token; only for tokens. */
  outputUnitNano: bigint | null;
}

export interface Price {
  /** "owner/name". */
  model: string;
  unit: PriceUnit;
  /** Dearest first; never empty. */
  tiers: readonly [Tier, ...Tier[]];
  hardware: string | null;
}

/** Facts that select the tier, stored at authorization and used again at settlement. */
export type PriceFacts = Record<string, string | number | boolean>;

/** Replicate's metrics of a prediction, unchanged. */
export type Metrics = Record<string, unknown>;

const names: Record<PriceUnit, { one: string; many: string }> = {
  output_image: { one: 'image', many: 'images' },
  output_video_second: { one: 'second of video', many: 'seconds of video' },
  input_character: { one: 'character', many: 'characters' },
  output_audio_file: { one: 'audio file', many: 'audio files' },
  output_audio_second: { one: 'second of audio', many: 'seconds of audio' },
  token: { one: 'token', many: 'tokens' },
  hardware_second: { one: 'second', many: 'seconds' },
};

/** "image" or "images"; for tables and sentences. */
export function unitName(unit: PriceUnit, count: bigint | number = 1): string {
  return Number(count) === 1 ? names[unit].one : names[unit].many;
}

/** Models billed by running time; they charge for canceled runs too. Others have a price per result. */
export function isTimed(price: Pick<Price, 'unit'>): boolean {
  return price.unit === 'hardware_second';
}

/** Whole units that an amount of credit buys at the cheapest tier: "$55 buys 1,375 images". For tokens: output tokens. */
export function unitsFor(price: Price, amountNano: bigint): bigint {
  const cheapest = price.tiers[price.tiers.length - 1] ?? price.tiers[0];
  return amountNano / (cheapest.outputUnitNano ?? cheapest.unitNano);
}
