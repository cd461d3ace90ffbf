import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNanoExact } from '~/platform/money';
import { computeBound, cancelAfterWithin, GRACE_SECONDS, SHORTEST_UNASKED_SECONDS } from './bounds';
import { computeCost, estimateCost, type Ending } from './costs';
import { readInputSchema, type InputSchema } from './input-schema';
import { meteredWords } from './metered-words';
import type { Price } from './price';
import { readPriceBook } from './price-book';
import { tierOfInput } from './tiers';

const book = new Map(readPriceBook().map(({ price }) => [price.model, price]));

function findBookPrice(model: string): Price {
  const price = book.get(model);
  if (!price) throw new Error(`no price of ${model}`);
  return price;
}

const ended = (status: Ending['status'], metrics: Ending['metrics'] = {}, over: Partial<Ending> = {}): Ending => ({
  status,
  metrics,
  hasStarted: true,
  seconds: null,
  outputs: null,
  readChars: 0,
  writtenChars: 0,
  deliveredNano: 0n,
  authorizedNano: 10n ** 12n,
  ...over,
});

const makeSchema = (properties: Record<string, unknown>): InputSchema =>
  readInputSchema({ components: { schemas: { Input: { properties } } } });

const images = makeSchema({ prompt: { type: 'string' }, num_outputs: { type: 'integer', minimum: 1, maximum: 4, default: 1 } });
const video = makeSchema({
  duration: { type: 'integer', enum: [4, 6, 8], default: 8 },
  generate_audio: { type: 'boolean', default: true },
});
const seedance = makeSchema({
  duration: { type: 'integer', minimum: 2, maximum: 12, default: 5 },
  resolution: { type: 'string', enum: ['480p', '720p', '1080p'], default: '1080p' },
});
const text = makeSchema({
  prompt: { type: 'string' },
  system_prompt: { type: 'string' },
  max_tokens: { type: 'integer', minimum: 1, maximum: 4_096, default: 512 },
});

describe('the price book', () => {
  it('holds every published price, dearest tier first, and the two timed models', () => {
    expect(book.size).toBe(15);
    expect(findBookPrice('google/veo-3').tiers.map((tier) => tier.unitNano)).toEqual([400_000_000n, 200_000_000n]);
    expect(findBookPrice('stability-ai/sdxl')).toMatchObject({
      unit: 'hardware_second',
      hardware: 'gpu-l40s',
      tiers: [{ unitNano: 975_000n }],
    });
    expect(findBookPrice('openai/whisper').tiers[0].unitNano).toBe(225_000n);
    for (const price of book.values()) expect(price.tiers.every((tier) => tier.unitNano > 0n)).toBe(true);
  });
});

describe('the cost of a run', () => {
  it('is $0.0000760 + $0.0004085 for 8 input and 43 output tokens of llama 3.1 405b', () => {
    const cost = computeCost(
      findBookPrice('meta/meta-llama-3.1-405b-instruct'),
      {},
      ended('succeeded', { input_token_count: 8, output_token_count: 43 }),
    );
    expect(cost).toEqual({ kind: 'cost', nano: 76_000n + 408_500n });
    expect(formatNanoExact(76_000n)).toBe('$0.000076');
  });

  it('reads both spellings of each metric', () => {
    const price = findBookPrice('anthropic/claude-3.7-sonnet');
    expect(computeCost(price, {}, ended('succeeded', { token_input_count: 4_000, token_output_count: 600 }))).toEqual({
      kind: 'cost',
      nano: 21_000_000n,
    });
    expect(computeCost(price, {}, ended('succeeded', { input_token_count: 4_000, output_token_count: 600 }))).toEqual({
      kind: 'cost',
      nano: 21_000_000n,
    });
    expect(computeCost(findBookPrice('ideogram-ai/ideogram-v3-quality'), {}, ended('succeeded', { image_count: 1 }))).toEqual({
      kind: 'cost',
      nano: 90_000_000n,
    });
  });

  it('uses the tier that ran, else the requested one, else the dearest', () => {
    const veo = findBookPrice('google/veo-3');
    const seconds = { video_output_duration_seconds: 8 };
    expect(computeCost(veo, { with_audio: true }, ended('succeeded', { ...seconds, with_audio: false }))).toEqual({
      kind: 'cost',
      nano: 1_600_000_000n,
    });
    expect(computeCost(veo, { with_audio: false }, ended('succeeded', seconds))).toEqual({ kind: 'cost', nano: 1_600_000_000n });
    expect(computeCost(veo, {}, ended('succeeded', seconds))).toEqual({ kind: 'cost', nano: 3_200_000_000n });
  });

  it('rounds up once per run', () => {
    const whisper = findBookPrice('openai/whisper');
    expect(computeCost(whisper, {}, ended('succeeded', { predict_time: 0.000001 }))).toEqual({ kind: 'cost', nano: 1n });
    expect(computeCost(whisper, {}, ended('succeeded', { predict_time: 4.5 }))).toEqual({ kind: 'cost', nano: 1_012_500n });
  });

  it('is zero for a failed or aborted run, whatever its metrics', () => {
    for (const price of book.values()) {
      for (const status of ['failed', 'aborted'] as const)
        expect(computeCost(price, {}, ended(status, { predict_time: 383, image_output_count: 9 }))).toEqual({ kind: 'free' });
    }
  });

  it('is the running time of a canceled timed run, and unmetered for an official model without metrics', () => {
    const sdxl = findBookPrice('stability-ai/sdxl');
    expect(computeCost(sdxl, {}, ended('canceled', { predict_time: 2 }))).toEqual({ kind: 'cost', nano: 1_950_000n });
    expect(computeCost(sdxl, {}, ended('canceled', {}, { seconds: 3 }))).toEqual({ kind: 'cost', nano: 2_925_000n });
    expect(computeCost(sdxl, {}, ended('canceled'))).toEqual({ kind: 'free' });
    expect(computeCost(findBookPrice('google/veo-3'), {}, ended('canceled', { predict_time: 2 }))).toEqual({ kind: 'unmetered' });
    expect(computeCost(findBookPrice('google/veo-3'), {}, ended('canceled', {}, { hasStarted: false }))).toEqual({ kind: 'free' });
  });

  it('reads characters reported as tokens, and sound reported as a variant', () => {
    expect(computeCost(findBookPrice('minimax/speech-02-hd'), {}, ended('succeeded', { token_input_count: 5 }))).toEqual({
      kind: 'cost',
      nano: 500_000n,
    });
    const seconds = { video_output_duration_seconds: 8 };
    const veo = (variant: string, facts = {}) =>
      computeCost(findBookPrice('google/veo-3'), facts, ended('succeeded', { ...seconds, model_variant: variant }));
    expect(veo('without_audio', { with_audio: true })).toEqual({ kind: 'cost', nano: 1_600_000_000n });
    expect(veo('with_audio', { with_audio: false })).toEqual({ kind: 'cost', nano: 3_200_000_000n });
    expect(veo('something new', { with_audio: false })).toEqual({ kind: 'cost', nano: 1_600_000_000n });
  });

  it('uses the output instead of a missing metric when the other metrics are there', () => {
    const times = { predict_time: 2, total_time: 3 };
    expect(computeCost(findBookPrice('google/nano-banana'), {}, ended('succeeded', times, { outputs: 2 }))).toEqual({
      kind: 'cost',
      nano: 78_000_000n,
    });
    expect(computeCost(findBookPrice('openai/whisper'), {}, ended('succeeded', { total_time: 9 }, { seconds: 4 }))).toEqual({
      kind: 'cost',
      nano: 900_000n,
    });
    expect(computeCost(findBookPrice('google/veo-3'), {}, ended('succeeded', times, { outputs: 1 }))).toEqual({ kind: 'waiting' });
    expect(computeCost(findBookPrice('google/nano-banana'), {}, ended('succeeded', {}, { outputs: 2 }))).toEqual({ kind: 'waiting' });
  });

  it('of a canceled run follows its metrics, else its output, up to the authorization', () => {
    const flux = findBookPrice('black-forest-labs/flux-schnell');
    const llama = findBookPrice('meta/meta-llama-3.1-405b-instruct');
    expect(computeCost(flux, {}, ended('canceled', { image_output_count: 2 }))).toEqual({ kind: 'cost', nano: 6_000_000n });
    expect(computeCost(flux, {}, ended('canceled', {}, { outputs: 3 }))).toEqual({ kind: 'estimate', nano: 9_000_000n });
    expect(computeCost(flux, {}, ended('canceled', {}, { deliveredNano: 6_000_000n }))).toEqual({ kind: 'estimate', nano: 6_000_000n });
    // 8 characters read are 2 tokens; 10 pieces written are 10.
    expect(computeCost(llama, {}, ended('canceled', {}, { outputs: 10, readChars: 8, writtenChars: 30 }))).toEqual({
      kind: 'estimate',
      nano: 12n * 9_500n,
    });
    expect(computeCost(findBookPrice('google/veo-3'), {}, ended('canceled', {}, { outputs: 1, authorizedNano: 7n }))).toEqual({
      kind: 'estimate',
      nano: 7n,
    });
    expect(computeCost(flux, {}, ended('canceled', {}, { outputs: 30, authorizedNano: 9n }))).toEqual({ kind: 'estimate', nano: 9n });
    expect(computeCost(flux, {}, ended('aborted', { image_output_count: 2 }, { outputs: 2 }))).toEqual({ kind: 'free' });
  });

  it.each([undefined, null, -1, Number.NaN, Infinity, '4', {}, 1e300])('waits if the metric is %s', (value) => {
    expect(computeCost(findBookPrice('black-forest-labs/flux-schnell'), {}, ended('succeeded', { image_output_count: value }))).toEqual({
      kind: 'waiting',
    });
  });

  it('is estimated from the run’s output, up to the authorization', () => {
    const flux = findBookPrice('black-forest-labs/flux-schnell');
    expect(estimateCost(flux, {}, ended('succeeded', {}, { outputs: 2, authorizedNano: 12_000_000n }))).toBe(6_000_000n);
    expect(estimateCost(flux, {}, ended('succeeded', {}, { outputs: 20, authorizedNano: 12_000_000n }))).toBe(12_000_000n);
    expect(estimateCost(findBookPrice('meta/meta-llama-3.1-405b-instruct'), {}, ended('succeeded', {}, { authorizedNano: 5n }))).toBe(5n);
  });
});

const LIMIT_SECONDS = 1_800;
const bound = (model: string, schema: InputSchema, input: Record<string, unknown>, cancelAfterSeconds: number | null = null) =>
  computeBound({ price: findBookPrice(model), schema, input, cancelAfterSeconds, limitSeconds: LIMIT_SECONDS });

describe('the bound of a run', () => {
  it('uses the requested count, else the default', () => {
    expect(bound('black-forest-labs/flux-schnell', images, { num_outputs: 4 }).maxNano).toBe(12_000_000n);
    expect(bound('black-forest-labs/flux-schnell', images, {}).maxNano).toBe(3_000_000n);
  });

  it('is the requested tier times the requested seconds, else the defaults', () => {
    expect(bound('google/veo-3', video, {}).maxNano).toBe(3_200_000_000n);
    expect(bound('google/veo-3', video, { duration: 4, generate_audio: false }).maxNano).toBe(800_000_000n);
    expect(bound('bytedance/seedance-1-pro-fast', seedance, { resolution: '720p', duration: 5 }).maxNano).toBe(125_000_000n);
    expect(bound('bytedance/seedance-1-pro-fast', seedance, { resolution: 'unheard of' }).maxNano).toBe(300_000_000n);
    expect(tierOfInput(findBookPrice('google/veo-3'), makeSchema({}), {}).unitNano).toBe(400_000_000n);
    // A field that the model does not have makes nothing cheaper.
    expect(tierOfInput(findBookPrice('google/veo-3'), makeSchema({}), { generate_audio: false }).unitNano).toBe(400_000_000n);
    const other = makeSchema({ with_audio: { type: 'boolean', default: true } });
    expect(tierOfInput(findBookPrice('google/veo-3'), other, { generate_audio: false }).unitNano).toBe(400_000_000n);
    expect(tierOfInput(findBookPrice('google/veo-3'), other, { with_audio: false }).unitNano).toBe(200_000_000n);
  });

  it('reads the number in a choice of texts', () => {
    const schema = makeSchema({ duration: { allOf: [{ $ref: '#/x' }] } });
    expect(bound('elevenlabs/music', schema, {}).maxNano).toBe(498_000_000n);
    const choices = readInputSchema({
      components: {
        schemas: {
          Input: { properties: { duration: { allOf: [{ $ref: '#/components/schemas/duration' }], default: '5s' } } },
          duration: { enum: ['5s', '10s'], type: 'string' },
        },
      },
    });
    expect(bound('elevenlabs/music', choices, { duration: '10s' }).maxNano).toBe(83_000_000n);
    expect(() => bound('elevenlabs/music', choices, { duration: '100s' })).toThrow();
  });

  it('is the deadline plus grace for a timed model; only a default deadline may be shortened', () => {
    const sdxl = (asked: number | null) => bound('stability-ai/sdxl', makeSchema({}), {}, asked);
    expect(sdxl(60)).toMatchObject({ maxNano: 975_000n * 70n, minNano: 975_000n * 70n });
    expect(sdxl(1_200)).toMatchObject({ maxNano: 975_000n * 1_210n, minNano: 975_000n * 1_210n });
    const limit = 975_000n * BigInt(LIMIT_SECONDS + GRACE_SECONDS);
    expect(sdxl(null)).toMatchObject({ maxNano: limit, minNano: 975_000n * BigInt(SHORTEST_UNASKED_SECONDS + GRACE_SECONDS) });
    // Replicate ends a run after its limit, however long it may wait for its start.
    expect(sdxl(86_400)).toMatchObject({ maxNano: limit, minNano: limit });
    expect(cancelAfterWithin(975_000n * 70n, 975_000n)).toBe(60);
  });

  it('counts an allowed length of -1 or 0 as the largest', () => {
    const auto = makeSchema({ duration: { type: 'integer', minimum: -1, maximum: 15, default: -1 }, resolution: { type: 'string' } });
    const longest = 60_000_000n * 15n;
    for (const input of [{}, { duration: -1 }, { duration: 0 }])
      expect(bound('bytedance/seedance-1-pro-fast', auto, input).maxNano).toBe(longest);
    expect(bound('bytedance/seedance-1-pro-fast', auto, { duration: 4 }).maxNano).toBe(60_000_000n * 4n);
    const choice = makeSchema({ duration: { enum: [-1, 4, 6, 8], default: 4 } });
    expect(bound('bytedance/seedance-1-pro-fast', choice, { duration: -1 }).maxNano).toBe(60_000_000n * 8n);
    const words = makeSchema({ duration: { enum: ['-1', '5s', '10s'], default: '-1' } });
    expect(bound('bytedance/seedance-1-pro-fast', words, {}).maxNano).toBe(60_000_000n * 10n);
    const open = makeSchema({ music_length_ms: { type: 'integer', default: -1 } });
    expect(bound('elevenlabs/music', open, {}).maxNano).toBe(8_300_000n * 60n);
    const tokens = makeSchema({ prompt: { type: 'string' }, max_new_tokens: { type: 'integer', default: -1, maximum: 4_096 } });
    expect(bound('anthropic/claude-3.7-sonnet', tokens, { max_new_tokens: -1 }).maxNano).toBe(2_048n * 3_000n + 4_096n * 15_000n);
    expect(() => bound('google/veo-3', video, { duration: -1 })).toThrow();
  });

  it('counts all texts except addresses of files', () => {
    const schema = makeSchema({
      prompt: { type: 'string' },
      image: { type: 'string', format: 'uri' },
      max_tokens: { type: 'integer', default: 1, minimum: 1, maximum: 2 },
    });
    const plain = bound('anthropic/claude-3.7-sonnet', schema, { prompt: 'x' }).maxNano;
    expect(bound('anthropic/claude-3.7-sonnet', schema, { prompt: 'x', image: 'data:image/png;base64,AAAA' }).maxNano).toBe(plain);
    expect(bound('anthropic/claude-3.7-sonnet', schema, { prompt: 'x', other: ['€'] }).maxNano).toBe(plain + 3n * 3_000n);
  });

  it.each(['4', '', -1, Number.NaN, Infinity, 5, 1e30, 0, [4], { n: 4 }, true])('refuses %j for a count of 1 to 4', (value) => {
    expect(() => bound('black-forest-labs/flux-schnell', images, { num_outputs: value })).toThrowError(
      expect.objectContaining({ status: 422 }),
    );
  });
});

describe('cost ≤ bound, for every allowed input', () => {
  const status = fc.constantFrom('succeeded', 'canceled', 'failed', 'aborted') as fc.Arbitrary<Ending['status']>;
  const within = (cost: ReturnType<typeof computeCost>, most: bigint) => cost.kind !== 'cost' || cost.nano <= most;

  it('images', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }), status, (asked, made, how) => {
        const { maxNano, facts } = bound('black-forest-labs/flux-schnell', images, { num_outputs: asked });
        return within(
          computeCost(findBookPrice('black-forest-labs/flux-schnell'), facts, ended(how, { image_output_count: Math.min(asked, made) })),
          maxNano,
        );
      }),
    );
  });

  it('video', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(4, 6, 8),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        status,
        (duration, audio, share, how) => {
          const { maxNano, facts } = bound('google/veo-3', video, { duration, generate_audio: audio });
          return within(
            computeCost(
              findBookPrice('google/veo-3'),
              facts,
              ended(how, { video_output_duration_seconds: duration * share, with_audio: audio }),
            ),
            maxNano,
          );
        },
      ),
    );
  });

  it('tokens: no text has more tokens than bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 4_096 }),
        fc.integer({ min: 0, max: 4_096 }),
        status,
        (prompt, asked, written, how) => {
          const model = 'meta/meta-llama-3.1-405b-instruct';
          const { maxNano, facts } = bound(model, text, { prompt, max_tokens: asked });
          const metrics = { input_token_count: new TextEncoder().encode(prompt).length, output_token_count: Math.min(asked, written) };
          return within(computeCost(findBookPrice(model), facts, ended(how, metrics)), maxNano);
        },
      ),
    );
  });

  it('time, up to the deadline and its grace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), status, (asked, share, how) => {
        const { maxNano, facts } = bound('stability-ai/sdxl', makeSchema({}), {}, asked);
        const longest = Math.min(asked, LIMIT_SECONDS) + GRACE_SECONDS;
        return within(computeCost(findBookPrice('stability-ai/sdxl'), facts, ended(how, { predict_time: longest * share })), maxNano);
      }),
    );
  });
});

describe('metered quantities in words', () => {
  it('names the units', () => {
    expect(meteredWords('output_image', { image_output_count: 1 })).toBe('1 image');
    expect(meteredWords('token', { input_token_count: 4_000, output_token_count: 600 })).toBe('4,000 in, 600 out');
    expect(meteredWords('hardware_second', { predict_time: 3.2 })).toBe('3.2 seconds');
    expect(meteredWords('output_image', null)).toBeNull();
  });
});
