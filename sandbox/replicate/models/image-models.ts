import type { JsonObject } from '../world/records';
import { choice, flag, imageFile, imageFiles, numberIn, prompt, seed, whole, type ModelDefinition, type Produce } from './definition';

const ratios = ['1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '3:4', '4:3', '9:16', '9:21'];

function images(metric: string, asList: boolean, requested: (input: JsonObject) => number): Produce {
  return (input, units) => {
    const count = units ?? requested(input);
    return { metrics: { [metric]: count }, output: { kind: 'files', extension: 'png', count, asList } };
  };
}

const one = (): number => 1;

export const imageModels: ModelDefinition[] = [
  {
    name: 'black-forest-labs/flux-schnell',
    description: 'The fastest image generation model, for local development and personal use',
    price: { kind: 'unit', metric: 'image_output_count', usd: '0.003' },
    official: true,
    typicalSeconds: 0.62,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        aspect_ratio: choice(ratios),
        num_outputs: whole(1, 4, 1),
        num_inference_steps: whole(1, 4, 4),
        seed,
        output_format: choice(['webp', 'jpg', 'png']),
        output_quality: whole(0, 100, 80),
        disable_safety_checker: flag(false),
        go_fast: flag(true),
        megapixels: choice(['1', '0.25']),
      },
    },
    produce: images('image_output_count', true, (input) => numberIn(input, 'num_outputs', 1)),
  },
  {
    name: 'black-forest-labs/flux-1.1-pro',
    description: 'Faster, better FLUX Pro. Text-to-image with excellent image quality and prompt adherence',
    price: { kind: 'unit', metric: 'image_output_count', usd: '0.04' },
    official: true,
    typicalSeconds: 3.1,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        image_prompt: imageFile,
        aspect_ratio: choice(ratios),
        width: { type: 'integer', minimum: 256, maximum: 1440 },
        height: { type: 'integer', minimum: 256, maximum: 1440 },
        safety_tolerance: whole(1, 6, 2),
        seed,
        prompt_upsampling: flag(false),
        output_format: choice(['webp', 'jpg', 'png']),
        output_quality: whole(0, 100, 80),
      },
    },
    produce: images('image_output_count', false, one),
  },
  {
    name: 'ideogram-ai/ideogram-v3-quality',
    description: 'The highest quality Ideogram v3 model, with realism, creative designs and consistent styles',
    price: { kind: 'unit', metric: 'image_count', usd: '0.09' },
    official: true,
    typicalSeconds: 9.4,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        aspect_ratio: choice(ratios),
        magic_prompt_option: choice(['Auto', 'On', 'Off']),
        style_type: choice(['None', 'Auto', 'General', 'Realistic', 'Design']),
        image: imageFile,
        mask: imageFile,
        seed,
      },
    },
    produce: images('image_count', false, one),
  },
  {
    name: 'google/nano-banana',
    description: 'An image editing and generation model that keeps characters and scenes consistent',
    price: { kind: 'unit', metric: 'image_output_count', usd: '0.039' },
    official: true,
    typicalSeconds: 7.8,
    input: {
      required: ['prompt'],
      properties: { prompt, image_input: imageFiles, aspect_ratio: choice(ratios), output_format: choice(['jpg', 'png']) },
    },
    produce: images('image_output_count', false, one),
  },
  {
    name: 'bytedance/seedream-4',
    description: 'Unified text-to-image generation and precise single-sentence editing at up to 4K',
    price: { kind: 'unit', metric: 'image_output_count', usd: '0.03' },
    official: true,
    typicalSeconds: 12.5,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        image_input: imageFiles,
        size: choice(['1K', '2K', '4K', 'custom'], '2K'),
        aspect_ratio: choice(ratios),
        width: whole(1024, 4096, 2048),
        height: whole(1024, 4096, 2048),
        sequential_image_generation: choice(['disabled', 'auto']),
        max_images: whole(1, 15, 1),
      },
    },
    produce: images('image_output_count', true, (input) =>
      input['sequential_image_generation'] === 'auto' ? numberIn(input, 'max_images', 1) : 1,
    ),
  },
];
