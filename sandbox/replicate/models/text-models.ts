import type { JsonObject } from '../world/records';
import { imageFile, numberIn, prompt, textIn, whole, type ModelDefinition, type Produce } from './definition';

const CHARACTERS_PER_TOKEN = 4;
const USUAL_REPLY_TOKENS = 43;

function tokensRead(input: JsonObject): number {
  const read = textIn(input, 'prompt').length + textIn(input, 'system_prompt').length;
  return Math.ceil(read / CHARACTERS_PER_TOKEN);
}

/** Reads a token for every four characters and answers with 43 of them, or `max_tokens` if that is fewer. */
function reply(inputMetric: string, outputMetric: string): Produce {
  return (input, units) => {
    const written = units ?? Math.min(USUAL_REPLY_TOKENS, numberIn(input, 'max_tokens', USUAL_REPLY_TOKENS));
    return { metrics: { [inputMetric]: tokensRead(input), [outputMetric]: written }, output: { kind: 'text', pieces: written } };
  };
}

export const textModels: ModelDefinition[] = [
  {
    name: 'meta/meta-llama-3.1-405b-instruct',
    description: "Meta's flagship 405 billion parameter language model, fine-tuned for chat completions",
    price: {
      kind: 'tokens',
      inputMetric: 'input_token_count',
      outputMetric: 'output_token_count',
      inputUsd: '0.0000095',
      outputUsd: '0.0000095',
    },
    official: true,
    typicalSeconds: 2.4,
    input: {
      required: [],
      properties: {
        prompt: { ...prompt, default: '' },
        system_prompt: { type: 'string', default: '' },
        max_tokens: whole(1, 4_096, 512),
        min_tokens: whole(0, 4_096, 0),
        temperature: { type: 'number', minimum: 0, maximum: 5, default: 0.6 },
        top_p: { type: 'number', minimum: 0, maximum: 1, default: 0.9 },
        top_k: whole(0, 1_000, 50),
        stop_sequences: { type: 'string', default: '' },
      },
    },
    produce: reply('input_token_count', 'output_token_count'),
  },
  {
    name: 'anthropic/claude-3.7-sonnet',
    description: 'A hybrid reasoning language model',
    price: {
      kind: 'tokens',
      inputMetric: 'token_input_count',
      outputMetric: 'token_output_count',
      inputUsd: '0.000003',
      outputUsd: '0.000015',
    },
    official: true,
    typicalSeconds: 3.3,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        system_prompt: { type: 'string', default: '' },
        max_tokens: whole(1_024, 64_000, 8_192),
        image: imageFile,
        max_image_resolution: { type: 'number', minimum: 0.001, maximum: 2, default: 0.5 },
      },
    },
    produce: reply('token_input_count', 'token_output_count'),
  },
];
