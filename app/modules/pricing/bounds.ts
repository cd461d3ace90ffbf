import { askedNumber, readableBytes, type InputSchema } from './input-schema';
import { isTimed, type Price, type PriceFacts, type Tier } from './price';
import { millionths, priceQuantity, wholeUnits, type Quantity } from './quantities';
import { factsOfTier, tierOfInput } from './tiers';

/** Allowed beyond Cancel-After, until Replicate reports the end. */
export const GRACE_SECONDS = 10;
/** Replicate accepts a Cancel-After between 5 s and 24 h. */
export const MIN_CANCEL_AFTER_SECONDS = 5;
export const MAX_CANCEL_AFTER_SECONDS = 24 * 60 * 60;
/** Without a deadline from the client, none is shorter than this: a run that is cut off costs money and yields nothing. */
export const SHORTEST_UNASKED_SECONDS = 60;
/** Input beyond the texts: the model's own template, an image. */
const TOKEN_ALLOWANCE = 2_048;
const LARGEST_OUTPUT_TOKENS = 64_000;
/** Used if neither the input nor the schema gives a duration. */
const LONGEST_SECONDS = 60;

const countFields = ['num_outputs', 'max_images', 'number_of_images', 'num_images', 'batch_size'];
const durationFields = [
  { name: 'duration', perSecond: 1 },
  { name: 'seconds', perSecond: 1 },
  { name: 'duration_seconds', perSecond: 1 },
  { name: 'music_length_ms', perSecond: 1_000 },
  { name: 'duration_ms', perSecond: 1_000 },
];
const tokenFields = ['max_tokens', 'max_new_tokens', 'max_completion_tokens', 'max_output_tokens'];

/** The most a run can cost, computed before it starts. */
export interface Bound {
  /** The amount to authorize if the grant has it. */
  maxNano: bigint;
  /** The least to authorize. Below `maxNano` only for timed models without a client's deadline: a shorter deadline costs less. */
  minNano: bigint;
  /** Nano-USD per second of a timed model; null for others. */
  ratePerSecondNano: bigint | null;
  facts: PriceFacts;
}

export interface BoundQuestion {
  price: Price;
  schema: InputSchema;
  input: Record<string, unknown>;
  /** The client's own Cancel-After. */
  cancelAfterSeconds: number | null;
  /** Replicate's limit for a run (policy: runLimitMinutes), used without a client's deadline. */
  limitSeconds: number;
}

/**
 * The upper bound of a run's cost (docs/replicate.md#bounds-and-settling). Time: rate × (the shorter of Cancel-After and Replicate's
 * limit, plus grace). Results: dearest fitting tier × the largest count. Tokens: bytes of all texts, an allowance, and the longest
 * answer.
 * @throws DomainError 422 for a number that the model's schema does not allow.
 */
export function computeBound(question: BoundQuestion): Bound {
  const tier = tierOfInput(question.price, question.schema, question.input);
  if (isTimed(question.price)) return timedBound(tier, question);
  const maxNano = priceQuantity(tier, largestQuantity(question));
  return { maxNano, minNano: maxNano, ratePerSecondNano: null, facts: factsOfTier(tier) };
}

function timedBound(tier: Tier, { cancelAfterSeconds: asked, limitSeconds }: BoundQuestion): Bound {
  const longest = Math.min(asked ?? limitSeconds, limitSeconds);
  const shortest = asked === null ? Math.min(SHORTEST_UNASKED_SECONDS, longest) : longest;
  return {
    maxNano: tier.unitNano * BigInt(longest + GRACE_SECONDS),
    minNano: tier.unitNano * BigInt(shortest + GRACE_SECONDS),
    ratePerSecondNano: tier.unitNano,
    facts: factsOfTier(tier),
  };
}

/** The Cancel-After in seconds that keeps a timed run within its authorization. */
export function cancelAfterWithin(authorizedNano: bigint, ratePerSecondNano: bigint): number {
  return Math.max(MIN_CANCEL_AFTER_SECONDS, Number(authorizedNano / ratePerSecondNano) - GRACE_SECONDS);
}

function largestQuantity({ price, schema, input, limitSeconds }: BoundQuestion): Quantity {
  switch (price.unit) {
    case 'output_image':
    case 'output_audio_file':
      return units(readOutputCount(schema, input));
    case 'output_video_second':
    case 'output_audio_second':
      return { units: readSeconds(schema, input), outputUnits: 0n };
    case 'input_character':
      return units(readableBytes(schema, input));
    case 'token':
      return { units: wholeUnits(readableBytes(schema, input) + TOKEN_ALLOWANCE), outputUnits: wholeUnits(outputTokens(schema, input)) };
    case 'hardware_second':
      return units(limitSeconds + GRACE_SECONDS);
  }
}

function units(count: number): Quantity {
  return { units: wholeUnits(count), outputUnits: 0n };
}

function readOutputCount(schema: InputSchema, input: Record<string, unknown>): number {
  return countFields.reduce((product, name) => {
    const asked = askedNumber(schema, input, name);
    return asked ? product * Math.max(1, Math.ceil(asked.value ?? 1)) : product;
  }, 1);
}

function readSeconds(schema: InputSchema, input: Record<string, unknown>): bigint {
  const asked = durationFields
    .map(({ name, perSecond }) => ({ field: askedNumber(schema, input, name), perSecond }))
    .filter(({ field }) => field !== null);
  const longest = asked.reduce((most, { field, perSecond }) => Math.max(most, field?.value ? field.value / perSecond : LONGEST_SECONDS), 0);
  return millionths(asked.length === 0 ? LONGEST_SECONDS : longest) ?? wholeUnits(LONGEST_SECONDS);
}

function outputTokens(schema: InputSchema, input: Record<string, unknown>): number {
  const asked = tokenFields.map((name) => askedNumber(schema, input, name)).filter((field) => field !== null);
  if (asked.length === 0) return LARGEST_OUTPUT_TOKENS;
  return Math.ceil(Math.max(...asked.map((field) => field.value ?? LARGEST_OUTPUT_TOKENS)));
}
