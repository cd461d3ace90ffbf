import { describe, expect, it } from 'vitest';
import { aBench, FLUX, post, SDXL, type Bench } from './replicate-harness';

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function control(
  { sandbox }: Bench,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('the control API', () => {
  it('opens accounts, issues and revokes tokens, adds and spends credit', async () => {
    const bench = await aBench();
    const opened = await control(bench, 'POST', 'accounts', { username: 'globex', creditUsd: '25.50', type: 'organization' });
    expect(opened.body).toMatchObject({
      username: 'globex',
      token: expect.stringMatching(/^r8_/) as string,
      webhookSecret: expect.stringMatching(/^whsec_/) as string,
    });

    const issued = await control(bench, 'POST', 'accounts/globex/tokens');
    await control(bench, 'POST', 'accounts/globex/revoke', { token: opened.body['token'] });
    await control(bench, 'POST', 'accounts/globex/credit', { usd: '4.5' });
    await control(bench, 'POST', 'accounts/globex/spend', { usd: '1' });

    const tokens = [
      { token: opened.body['token'], revoked: true },
      { token: issued.body['token'], revoked: false },
    ];
    expect((await control(bench, 'GET', 'accounts/globex')).body).toMatchObject({ creditUsd: '29.000000000', tokens });
    expect((await control(bench, 'GET', 'predictions?username=globex')).body).toMatchObject([{ chargedUsd: '1.000000000' }]);
  });

  it('sets behaviours, clock, webhooks, outage and settings, and shows them', async () => {
    const bench = await aBench();
    await control(bench, 'POST', 'behaviours', { kind: 'hang', token: bench.token, times: 2 });
    await control(bench, 'POST', 'webhooks', { mode: 'hold' });
    await control(bench, 'POST', 'settings', { predictionMs: 20 });
    await control(bench, 'POST', 'clock', { now: '2027-01-01T00:00:00Z' });
    await control(bench, 'POST', 'outage', { ms: 60_000, mode: 'reset' });

    const { body } = await control(bench, 'GET', 'state');
    expect(body).toMatchObject({
      now: expect.stringMatching(/^2027-01-01T00:00:0/) as string,
      behaviours: [{ kind: 'hang', username: 'acme', times: 2 }],
      webhooks: { mode: 'hold', waiting: 0 },
      settings: { predictionMs: 20 },
    });
    await expect(post(bench, { version: FLUX, input: { prompt: 'x' } })).rejects.toThrow();
    await control(bench, 'DELETE', 'behaviours');
    expect(bench.sandbox.control.behaviours()).toEqual([]);
  });

  it('explains a wrong request, and is closed to web pages', async () => {
    const bench = await aBench();
    expect((await control(bench, 'POST', 'accounts', { username: 'globex', creditUsd: 'much' })).status).toBe(422);
    expect((await control(bench, 'POST', 'accounts', { username: 'acme', creditUsd: '1' })).status).toBe(409);
    expect((await control(bench, 'POST', 'behaviours', { kind: 'hang', on: 'get' })).status).toBe(422);
    expect((await control(bench, 'POST', 'accounts/nobody/credit', { usd: '1' })).status).toBe(409);
    expect((await control(bench, 'GET', 'nothing')).status).toBe(404);
    expect((await control(bench, 'GET', 'state', undefined, { origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('lists', () => {
  it('page through the account’s predictions, newest first, while new ones are added', async () => {
    const bench = await aBench('10000');
    bench.sandbox.control.createAccount({ username: 'stranger', creditUsd: '10' });
    bench.sandbox.control.spend('stranger', { usd: '1' });
    for (let i = 0; i < 250; i += 1) bench.sandbox.control.spend('acme', { usd: '0.01' });

    const ids: string[] = [];
    for await (const page of bench.client.paginate(() => bench.client.predictions.list())) {
      ids.push(...page.map(({ id }) => id));
      bench.sandbox.control.spend('acme', { usd: '0.01' });
    }

    const all = bench.sandbox.control.predictions('acme').map(({ id }) => id);
    expect(ids).toEqual(all.slice(0, 250).reverse());
  });

  it('show models with their versions and input schemas', async () => {
    const bench = await aBench();
    const model = await bench.client.models.get('stability-ai', 'sdxl');
    expect(model).toMatchObject({ owner: 'stability-ai', name: 'sdxl', visibility: 'public', is_official: false });
    const id = model.latest_version?.id ?? '';
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await bench.client.models.versions.get('stability-ai', 'sdxl', id)).toMatchObject({
      openapi_schema: { components: { schemas: { Input: { properties: { num_outputs: { maximum: 4, default: 1 } } } } } },
    });
    const { results } = await bench.client.models.list();
    expect(results.map(({ owner, name }) => `${owner}/${name}`)).toContain(SDXL);
    expect(results.some(({ visibility }) => visibility === 'private')).toBe(false);
  });

  it('agree with the published prices of every unit', async () => {
    const bench = await aBench('1000');
    const runs = [
      ['black-forest-labs/flux-1.1-pro', { prompt: 'x' }, '0.040000000'],
      ['ideogram-ai/ideogram-v3-quality', { prompt: 'x' }, '0.090000000'],
      ['google/nano-banana', { prompt: 'x' }, '0.039000000'],
      ['bytedance/seedream-4', { prompt: 'x', sequential_image_generation: 'auto', max_images: 4 }, '0.120000000'],
      ['google/veo-3', { prompt: 'x' }, '3.200000000'],
      ['google/veo-3', { prompt: 'x', generate_audio: false, duration: 4 }, '0.800000000'],
      ['google/veo-3.1-fast', { prompt: 'x', duration: 6 }, '0.900000000'],
      ['bytedance/seedance-1-pro-fast', { prompt: 'x', resolution: '480p' }, '0.075000000'],
      ['minimax/speech-02-hd', { text: 'twelve chars' }, '0.001200000'],
      ['stability-ai/stable-audio-2.5', { prompt: 'x' }, '0.200000000'],
      ['elevenlabs/music', { prompt: 'x', music_length_ms: 12_500 }, '0.103750000'],
      ['anthropic/claude-3.7-sonnet', { prompt: 'x'.repeat(400) }, '0.000945000'],
      ['acme-labs/unpriced-model', { prompt: 'x' }, '0.000337500'],
    ] as const;
    bench.sandbox.control.tune({ predictionMs: 5 });

    for (const [model, input] of runs) await bench.client.predictions.create({ model, input, wait: true });

    expect(bench.sandbox.control.predictions('acme').map(({ chargedUsd }) => chargedUsd)).toEqual(runs.map(([, , usd]) => usd));
  });
});
