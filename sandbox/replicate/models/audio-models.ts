import type { OutputShape } from '../world/records';
import { choice, flag, numberIn, prompt, seed, textIn, whole, type ModelDefinition } from './definition';

const oneSound: OutputShape = { kind: 'files', extension: 'wav', count: 1, asList: false };

export const audioModels: ModelDefinition[] = [
  {
    name: 'minimax/speech-02-hd',
    description: 'Text to speech with emotional range, for voiceovers and audiobooks',
    // One token a character, as Replicate reports it.
    price: { kind: 'unit', metric: 'token_input_count', usd: '0.0001' },
    official: true,
    typicalSeconds: 4.2,
    input: {
      required: ['text'],
      properties: {
        text: { type: 'string', description: 'Text to speak, at most 10,000 characters' },
        voice_id: { type: 'string', default: 'Wise_Woman' },
        speed: { type: 'number', minimum: 0.5, maximum: 2, default: 1 },
        volume: { type: 'number', minimum: 0, maximum: 10, default: 1 },
        pitch: whole(-12, 12, 0),
        emotion: choice(['auto', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'neutral']),
      },
    },
    produce: (input, units) => ({ metrics: { token_input_count: units ?? [...textIn(input, 'text')].length }, output: oneSound }),
  },
  {
    name: 'stability-ai/stable-audio-2.5',
    description: 'Music and sound from text prompts',
    price: { kind: 'unit', metric: 'audio_output_count', usd: '0.20' },
    official: true,
    typicalSeconds: 3.7,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        duration: whole(1, 190, 190),
        steps: whole(4, 8, 8),
        cfg_scale: { type: 'number', minimum: 1, maximum: 25, default: 1 },
        seed,
      },
    },
    produce: (_input, units) => ({ metrics: { audio_output_count: units ?? 1 }, output: oneSound }),
  },
  {
    name: 'elevenlabs/music',
    description: 'Compose a song from a prompt or a composition plan',
    price: { kind: 'unit', metric: 'audio_output_duration_seconds', usd: '0.0083' },
    official: true,
    typicalSeconds: 11.3,
    input: {
      required: ['prompt'],
      properties: {
        prompt,
        music_length_ms: whole(5_000, 300_000, 10_000),
        force_instrumental: flag(false),
        output_format: choice(['mp3_standard', 'mp3_high_quality', 'wav_16khz', 'wav_22khz', 'wav_24khz', 'wav_cd_quality']),
      },
    },
    produce: (input, units) => ({
      metrics: { audio_output_duration_seconds: units ?? numberIn(input, 'music_length_ms', 10_000) / 1_000 },
      output: oneSound,
    }),
  },
];
