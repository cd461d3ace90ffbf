import { validateWebhook } from 'replicate';
import { describe, expect, it } from 'vitest';
import { aBench, aWebhookReceiver, FLUX, until } from './replicate-harness';

const input = { prompt: 'a harbour' };

describe('webhooks', () => {
  it('are signed with the account’s secret, as the official client checks it', async () => {
    const bench = await aBench();
    const { url, received } = await aWebhookReceiver();
    await bench.client.predictions.create({ model: FLUX, input, webhook: url, webhook_events_filter: ['completed'] });

    const hook = await until(() => received[0]);

    const { key } = await bench.client.webhooks.default.secret.get();
    expect(key).toBe(bench.secret);
    const request = new Request(url, { method: 'POST', headers: hook.headers as Record<string, string>, body: hook.body });
    expect(await validateWebhook(request, key)).toBe(true);
    const forged = new Request(url, { method: 'POST', headers: hook.headers as Record<string, string>, body: `${hook.body} ` });
    expect(await validateWebhook(forged, key)).toBe(false);
    expect(hook.prediction).toMatchObject({ status: 'succeeded', metrics: { image_output_count: 1 }, webhook: url });
  });

  it('come in order, for the requested events only', async () => {
    const bench = await aBench();
    const { url, received } = await aWebhookReceiver();
    await bench.client.predictions.create({ model: FLUX, input, webhook: url, webhook_events_filter: ['start', 'output', 'completed'] });

    await until(() => received.length === 3);

    expect(received.map(({ prediction }) => prediction.status)).toEqual(['processing', 'processing', 'succeeded']);
    expect(received.map(({ prediction }) => prediction.output !== null)).toEqual([false, true, true]);
  });

  it('are retried under the same id until they are accepted', async () => {
    const bench = await aBench();
    const { url, received } = await aWebhookReceiver(500, 503);
    await bench.client.predictions.create({ model: FLUX, input, webhook: url });
    await until(() => received.filter(({ prediction }) => prediction.status === 'succeeded').length === 2);

    const ids = received.filter(({ prediction }) => prediction.status === 'succeeded').map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  it('can be sent twice, held and released in reverse order, or dropped', async () => {
    const bench = await aBench();
    const { control } = bench.sandbox;
    const { url, received } = await aWebhookReceiver();
    const run = () =>
      bench.client.predictions.create({ model: FLUX, input, webhook: url, webhook_events_filter: ['completed'], wait: true });

    control.setWebhooks({ mode: 'duplicate' });
    await run();
    await until(() => received.length === 2);
    expect(received[0]?.headers['webhook-id']).toBe(received[1]?.headers['webhook-id']);

    control.setWebhooks({ mode: 'drop' });
    await run();
    control.setWebhooks({ mode: 'hold' });
    const first = await run();
    const second = await run();
    expect(received).toHaveLength(2);
    expect(control.releaseWebhooks({ order: 'reversed' })).toEqual({ released: 2 });
    await until(() => received.length === 4);
    expect(received.slice(2).map(({ prediction }) => prediction.id)).toEqual([second.id, first.id]);
  });
});
