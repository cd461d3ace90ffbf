import { computeBound } from './bounds';
import type { Price } from './price';

/** Inputs of probe runs. Only models that take a short text and end within seconds. */
const inputs: Record<string, Record<string, unknown>> = {
  'minimax/speech-02-hd': { text: 'Hi.' },
  'black-forest-labs/flux-schnell': { prompt: 'A dot.' },
  'meta/meta-llama-3.1-405b-instruct': { prompt: 'Hi.', max_tokens: 1 },
  'anthropic/claude-3.7-sonnet': { prompt: 'Hi.', max_tokens: 1_024 },
};

export interface ProbeRun<P extends Price = Price> {
  price: P;
  input: Record<string, unknown>;
}

/** The cheapest run that shows whether an account has credit; null if none of the models has a price. */
export function cheapestProbe<P extends Price>(prices: readonly P[]): ProbeRun<P> | null {
  const runs = prices.flatMap((price) => {
    const input = inputs[price.model];
    return input
      ? [
          {
            price,
            input,
            nano: computeBound({ price, schema: { properties: {} }, input, cancelAfterSeconds: null, limitSeconds: 60 }).maxNano,
          },
        ]
      : [];
  });
  const [cheapest] = runs.sort((a, b) => (a.nano < b.nano ? -1 : 1));
  return cheapest ? { price: cheapest.price, input: cheapest.input } : null;
}
