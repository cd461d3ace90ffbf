import type { Metrics, Price, PriceFacts, Tier } from './price';
import type { InputSchema } from './input-schema';

/** Input fields that select a tier, by name. */
const inputNames: Record<string, readonly string[]> = {
  with_audio: ['generate_audio', 'with_audio'],
  resolution_target: ['resolution', 'resolution_target'],
  model_variant: ['model_variant', 'model'],
};

type Known = (condition: string) => string | boolean | undefined;

function matching(price: Price, known: Known): Tier | null {
  return price.tiers.find((tier) => Object.entries(tier.when).every(([condition, wanted]) => known(condition) === wanted)) ?? null;
}

function scalar(value: unknown): string | boolean | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

/** The tier that an input selects, by its fields or the schema's defaults; the dearest if unclear. */
export function tierOfInput(price: Price, schema: InputSchema, input: Record<string, unknown>): Tier {
  const known: Known = (condition) => {
    for (const name of inputNames[condition] ?? [condition]) {
      // The provider ignores fields that the model does not have.
      const property = schema.properties[name];
      const value = property && scalar(input[name] ?? property.default);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return matching(price, known) ?? price.tiers[0];
}

/** The tier that ran: by the metrics, else as requested; the dearest if unclear. */
export function tierOfRun(price: Price, facts: PriceFacts, metrics: Metrics): Tier {
  const known: Known = (condition) =>
    scalar(metrics[condition]) ?? variantSays(condition, metrics.model_variant) ?? scalar(facts[condition]);
  return matching(price, known) ?? price.tiers[0];
}

/** Replicate bills veo by `model_variant`: "with_audio" or "without_audio". Undefined for other conditions. */
function variantSays(condition: string, variant: unknown): boolean | undefined {
  if (!condition.startsWith('with_')) return undefined;
  if (variant === condition) return true;
  return variant === condition.replace('with_', 'without_') ? false : undefined;
}

/** The conditions of a tier as facts of the run. */
export function factsOfTier(tier: Tier): PriceFacts {
  return { ...tier.when };
}
