import { describe, expect, it } from 'vitest';
import { aBench, readCredit, ended, FLUX, LLAMA, post, SDXL, WHISPER } from './replicate-harness';

describe('a run with the official client', () => {
  it('makes images that can be fetched, and charges their price', async () => {
    const bench = await aBench('100');

    const output = (await bench.client.run(FLUX, { input: { prompt: 'a harbour', num_outputs: 3 } })) as string[];

    expect(output).toHaveLength(3);
    const image = await fetch(output[2] ?? '');
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(readCredit(bench)).toBe('99.991000000');
  });

  it('goes through its states when polled', async () => {
    const bench = await aBench();
    const seen: string[] = [];

    await bench.client.run(
      FLUX,
      { input: { prompt: 'a harbour' }, wait: { mode: 'poll', interval: 40 } },
      ({ status }) => void seen.push(status),
    );

    expect([...new Set(seen)]).toEqual(['starting', 'processing', 'succeeded']);
  });

  it('costs predict_time at the price of its hardware, to the nano-dollar', async () => {
    const bench = await aBench('100');
    const { version } = await bench.client.predictions.create({ model: SDXL, input: {} });
    bench.sandbox.control.addBehaviour({ kind: 'succeed', model: SDXL, predictSeconds: 1.234567, times: 2 });

    await bench.client.run(`${SDXL}:${version}`, { input: { prompt: 'a harbour' } });
    await bench.client.predictions.create({ version, input: {}, wait: true });

    const charged = bench.sandbox.control.predictions('acme').map(({ chargedUsd }) => chargedUsd);
    expect(charged).toEqual(['0.003120000', '0.001203703', '0.001203703']);
    expect(readCredit(bench)).toBe('99.994472594');
  });

  it('costs what the documentation says for 8 tokens in and 43 out', async () => {
    const bench = await aBench('100');

    const created = await bench.client.predictions.create({ model: LLAMA, input: { prompt: 'x'.repeat(32) }, wait: true });

    expect(created.metrics).toMatchObject({ input_token_count: 8, output_token_count: 43 });
    expect(readCredit(bench)).toBe('99.999515500');
  });

  it('streams text from a URL that needs no token', async () => {
    const bench = await aBench();
    const pieces: string[] = [];

    for await (const { event, data } of bench.client.stream(LLAMA, { input: { prompt: 'Say something', max_tokens: 5 } })) {
      if (event === 'output') pieces.push(data);
    }

    expect(pieces.join('')).toBe('Credit that nobody burns is');
  });
});

describe('Prefer: wait', () => {
  it('answers with the finished prediction if it ends in time, else with the current state', async () => {
    const bench = await aBench();
    bench.sandbox.control.addBehaviour({ kind: 'succeed', delayMs: 3_000 });

    const late = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'slow' }, wait: 1 });
    const prompt = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'fast' }, wait: true });

    expect(late).toMatchObject({ status: 'processing', output: null, metrics: {} });
    expect(prompt.status).toBe('succeeded');
  });

  it('may return output while the prediction is still processing and has no metrics', async () => {
    const bench = await aBench();
    bench.sandbox.control.addBehaviour({ kind: 'early_output' });

    const early = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'early' }, wait: true });

    expect(early).toMatchObject({ status: 'processing', output: [expect.stringContaining('/files/')], metrics: {} });
    expect((await ended(bench, early.id)).metrics).toMatchObject({ image_output_count: 1 });
  });
});

describe('endings', () => {
  it('charges a canceled run for its time if priced by time, and for its output if priced by unit', async () => {
    const bench = await aBench('100');
    bench.sandbox.control.addBehaviour({ kind: 'hang', times: 2 });
    bench.sandbox.control.tune({ predictionMs: 50 });
    const timed = await bench.client.predictions.create({ model: WHISPER, input: { audio: 'https://example.com/a.wav' } });
    const perImage = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'a harbour' } });
    await new Promise((resolve) => setTimeout(resolve, 120));

    const canceled = await bench.client.predictions.cancel(timed.id);
    await bench.client.predictions.cancel(perImage.id);

    expect(canceled).toMatchObject({ status: 'canceled', output: null });
    const seconds = canceled.metrics?.predict_time ?? 0;
    expect(seconds).toBeGreaterThan(0.05);
    const charged = bench.sandbox.control.predictions('acme').map(({ chargedUsd }) => chargedUsd);
    const nano = (Math.round(seconds * 1_000) * 225_000) / 1_000;
    expect(charged).toEqual([`0.${String(nano).padStart(9, '0')}`, '0.000000000']);
  });

  it.each([
    ['fail', 'failed', {}],
    ['fail_with_predict_time', 'failed', { predict_time: 383 }],
    ['abort', 'aborted', {}],
  ] as const)('%s ends as %s and is free', async (kind, status, metrics) => {
    const bench = await aBench('100');
    bench.sandbox.control.addBehaviour({ kind });

    const { id } = await bench.client.predictions.create({ model: SDXL, input: {} });

    expect(await ended(bench, id)).toMatchObject({ status, metrics, output: null });
    expect(readCredit(bench)).toBe('100.000000000');
  });

  it('bills a private model for failed runs too, and shows it to its owner only', async () => {
    const bench = await aBench('100');
    const stranger = bench.sandbox.control.createAccount({ username: 'stranger', creditUsd: '10' });
    bench.sandbox.control.addBehaviour({ kind: 'fail_with_predict_time', predictSeconds: 10 });

    const { id } = await bench.client.predictions.create({ model: 'acme/house-style', input: { prompt: 'ours' } });
    await ended(bench, id);

    expect(readCredit(bench)).toBe('99.986000000');
    const refused = await post(
      { ...bench, token: stranger.token },
      { input: { prompt: 'theirs' } },
      {},
      '/models/acme/house-style/predictions',
    );
    expect(refused.status).toBe(404);
  });

  it('can delay or omit the metrics, and charges all the same', async () => {
    const bench = await aBench('100');
    bench.sandbox.control.addBehaviour({ kind: 'late_metrics', metricsDelayMs: 60_000 });
    bench.sandbox.control.addBehaviour({ kind: 'no_metrics' });
    const late = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'late' }, wait: true });
    const never = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'never' }, wait: true });
    expect([late.metrics, never.metrics]).toEqual([{}, {}]);

    bench.sandbox.control.moveClock({ advanceMs: 60_000 });

    expect((await bench.client.predictions.get(late.id)).metrics).toMatchObject({ image_output_count: 1 });
    expect((await bench.client.predictions.get(never.id)).metrics).toEqual({});
    expect(readCredit(bench)).toBe('99.994000000');
  });
});

describe('time', () => {
  it('cancels a run past its Cancel-After, and aborts one that has not started', async () => {
    const bench = await aBench('100');
    bench.sandbox.control.addBehaviour({ kind: 'hang', delayMs: 20 });
    bench.sandbox.control.addBehaviour({ kind: 'abort', delayMs: 3_600_000 });
    const running = (await (await post(bench, { version: SDXL, input: {} }, { 'cancel-after': '30s' })).json()) as {
      id: string;
      deadline: string;
    };
    const waiting = (await (await post(bench, { version: SDXL, input: {} }, { 'cancel-after': '1m' })).json()) as { id: string };
    expect(running.deadline).toMatch(/Z$/);

    bench.sandbox.control.moveClock({ advanceMs: 61_000 });

    const canceled = await bench.client.predictions.get(running.id);
    expect(canceled.status).toBe('canceled');
    expect(canceled.metrics?.predict_time).toBeCloseTo(29.996, 3);
    expect((await bench.client.predictions.get(waiting.id)).status).toBe('aborted');
  });

  it.each(['4s', '25h', 'soon', ''])('refuses a Cancel-After of %j', async (limit) => {
    const bench = await aBench();
    expect((await post(bench, { version: SDXL, input: {} }, { 'cancel-after': limit })).status).toBe(422);
  });

  it('removes input, output, logs and files an hour after the end', async () => {
    const bench = await aBench();
    const made = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'a harbour' }, wait: true });
    bench.sandbox.control.moveClock({ advanceMs: 3_599_000 });
    expect(await bench.client.predictions.get(made.id)).toMatchObject({ data_removed: false, input: { prompt: 'a harbour' } });

    bench.sandbox.control.moveClock({ advanceMs: 2_000 });

    const gone = await bench.client.predictions.get(made.id);
    expect(gone).toMatchObject({ data_removed: true, input: {}, output: null, logs: '', metrics: { image_output_count: 1 } });
    expect((await fetch((made.output as string[])[0] ?? '')).status).toBe(404);
  });
});
