import type { JsonObject } from '../world/records';
import { choice, flag, imageFile, numberIn, prompt, seed, textIn, whole, type ModelDefinition, type Produce } from './definition';

type Tier = (input: JsonObject) => Record<string, string | boolean>;

function video(seconds: number, tier: Tier): Produce {
  return (input, units) => ({
    metrics: { video_output_duration_seconds: units ?? numberIn(input, 'duration', seconds), ...tier(input) },
    output: { kind: 'files', extension: 'mp4', count: 1, asList: false },
  });
}

const withAudio: Tier = (input) => ({
  model_variant: input['generate_audio'] === false ? 'without_audio' : 'with_audio',
});
const resolution: Tier = (input) => ({ resolution_target: textIn(input, 'resolution') });

const veoInput = {
  required: ['prompt'],
  properties: {
    prompt,
    image: imageFile,
    negative_prompt: { type: 'string' },
    aspect_ratio: choice(['16:9', '9:16']),
    duration: { type: 'integer', enum: [4, 6, 8], default: 8 },
    resolution: choice(['720p', '1080p']),
    generate_audio: flag(true),
    seed,
  },
} as const satisfies ModelDefinition['input'];

export const videoModels: ModelDefinition[] = [
  {
    name: 'google/veo-3',
    description: 'Text to video with sound',
    price: {
      kind: 'tiered_unit',
      metric: 'video_output_duration_seconds',
      tierMetric: 'model_variant',
      usdByTier: { with_audio: '0.40', without_audio: '0.20' },
    },
    official: true,
    typicalSeconds: 61.4,
    input: veoInput,
    produce: video(8, withAudio),
  },
  {
    name: 'google/veo-3.1-fast',
    description: 'Faster text to video with sound',
    price: {
      kind: 'tiered_unit',
      metric: 'video_output_duration_seconds',
      tierMetric: 'model_variant',
      usdByTier: { with_audio: '0.15', without_audio: '0.10' },
    },
    official: true,
    typicalSeconds: 38.2,
    input: veoInput,
    produce: video(8, withAudio),
  },
  {
    name: 'bytedance/seedance-1-pro-fast',
    description: 'Fast text-to-video and image-to-video at 480p, 720p and 1080p',
    price: {
      kind: 'tiered_unit',
      metric: 'video_output_duration_seconds',
      tierMetric: 'resolution_target',
      usdByTier: { '480p': '0.015', '720p': '0.025', '1080p': '0.06' },
    },
    official: true,
    typicalSeconds: 27.9,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        image: imageFile,
        duration: whole(2, 12, 5),
        resolution: choice(['480p', '720p', '1080p'], '1080p'),
        aspect_ratio: choice(['16:9', '4:3', '1:1', '3:4', '9:16', '21:9']),
        camera_fixed: flag(false),
        seed,
      },
    },
    produce: video(5, resolution),
  },
];
