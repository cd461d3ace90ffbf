import { choice, flag, imageFile, numberIn, prompt, seed, whole, type ModelDefinition } from './definition';

/** Community models: run by version and billed by the second of hardware. */
export const timedModels: ModelDefinition[] = [
  {
    name: 'stability-ai/sdxl',
    description: 'A text-to-image generative AI model that creates beautiful images',
    price: { kind: 'time', hardware: 'gpu-l40s' },
    official: false,
    typicalSeconds: 3.2,
    input: {
      required: [],
      properties: {
        prompt: { ...prompt, default: 'An astronaut riding a rainbow unicorn' },
        negative_prompt: { type: 'string', default: '' },
        image: imageFile,
        width: whole(64, 2_048, 1_024),
        height: whole(64, 2_048, 1_024),
        num_outputs: whole(1, 4, 1),
        num_inference_steps: whole(1, 500, 50),
        guidance_scale: { type: 'number', minimum: 1, maximum: 50, default: 7.5 },
        scheduler: choice(['K_EULER', 'DDIM', 'DPMSolverMultistep', 'HeunDiscrete', 'PNDM']),
        seed,
      },
    },
    produce: (input, units) => ({
      metrics: {},
      output: { kind: 'files', extension: 'png', count: units ?? numberIn(input, 'num_outputs', 1), asList: true },
    }),
  },
  {
    name: 'openai/whisper',
    description: 'Convert speech in audio to text',
    price: { kind: 'time', hardware: 'gpu-t4' },
    official: false,
    typicalSeconds: 4.5,
    input: {
      required: ['audio'],
      properties: {
        audio: { type: 'string', format: 'uri', description: 'Audio file' },
        language: { type: 'string', default: 'auto' },
        translate: flag(false),
        transcription: choice(['plain text', 'srt', 'vtt']),
        temperature: { type: 'number', minimum: 0, maximum: 1, default: 0 },
      },
    },
    produce: () => ({
      metrics: {},
      output: { kind: 'value', value: { transcription: 'All that is sold was once bought.', detected_language: 'english', segments: [] } },
    }),
  },
];

const plainText: ModelDefinition['input'] = { required: ['prompt'], properties: { prompt } };

/** A public model that no published price list names. Replicate still bills it: by the second. */
export const unpricedModel: ModelDefinition = {
  name: 'acme-labs/unpriced-model',
  description: 'A public model without a published price',
  price: { kind: 'time', hardware: 'gpu-t4' },
  official: false,
  typicalSeconds: 1.5,
  input: plainText,
  produce: () => ({ metrics: {}, output: { kind: 'value', value: 'Done.' } }),
};

/** The private model of one account; its failed runs are billed too. */
export function definePrivateModel(username: string): ModelDefinition {
  return {
    name: `${username}/house-style`,
    description: 'A private fine-tune',
    price: { kind: 'time', hardware: 'gpu-a100-large' },
    official: false,
    typicalSeconds: 2.5,
    input: plainText,
    produce: () => ({ metrics: {}, output: { kind: 'files', extension: 'png', count: 1, asList: true } }),
  };
}
