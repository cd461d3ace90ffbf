import { createReplicate } from '@ai-sdk/replicate';
import { generateImage } from 'ai';
import Replicate from 'replicate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aWallet, officialClient, serveGateway, type MountedGateway } from '~tests/factories/runs';
import { testMarket } from '~tests/setup/market';
import { calling } from './calling';

/** Output files at the provider's API are served from the market's own origin. */
const market = testMarket();
const calls = calling(market);
const model = 'black-forest-labs/flux-schnell';
const PNG = [0x89, 0x50, 0x4e, 0x47];

async function anImage(key: string): Promise<string> {
  const [address] = (await officialClient(calls.gateway, key).run(model, { input: { prompt: 'x' } })) as [string];
  return address;
}

const readBytes = async (answer: Response) => [...new Uint8Array(await answer.arrayBuffer())];

describe('an output file', () => {
  it('can be read at our origin without a key, whole or by range', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const address = await anImage(wallet.key);
    expect(address).toMatch(new RegExp(`^${calls.gateway.origin}/gateway/files/[\\w-]{43}/files/\\w+/0\\.png$`));
    const whole = await fetch(address);
    const bytes = await readBytes(whole);
    expect(bytes.slice(0, 4)).toEqual(PNG);
    expect(whole.headers.get('content-type')).toBe('image/png');
    expect(whole.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(whole.headers.get('set-cookie')).toBeNull();
    const part = await fetch(address, { headers: { range: 'bytes=1-3' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1-3/${bytes.length}`]);
    expect(await readBytes(part)).toEqual(PNG.slice(1));
    expect((await fetch(address, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  });

  it('has the same URL in the create’s answer, when polled, and from our own row', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = officialClient(calls.gateway, wallet.key);
    const ended = await client.wait(await client.predictions.create({ model, input: { prompt: 'x' } }), { interval: 50 });
    expect(ended.output).toEqual([expect.stringContaining('/gateway/files/') as string]);
    expect((await client.predictions.get(ended.id)).output).toEqual(ended.output);
    expect(JSON.stringify(ended)).not.toContain(market.replicate.url);
  });

  it('is 404 once the run’s data is removed, and at a changed URL', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const address = await anImage(wallet.key);
    const [, mac = ''] = /files\/([\w-]{43})/.exec(address) ?? [];
    market.advance(61 * 60_000);
    expect((await fetch(address)).status).toBe(404);
    for (const forged of [
      address.replace('/0.png', '/1.png'),
      `${address}?x=1`,
      address.replace(mac, 'A'.repeat(43)),
      `${calls.gateway.origin}/gateway/files/${mac}/_sandbox/state`,
      `${calls.gateway.origin}/gateway/files/${mac}`,
    ])
      expect((await fetch(forged)).status, forged).toBe(404);
    expect((await fetch(address, { method: 'POST' })).status).toBe(404);
  });

  it('gets a URL of ours only if it is a file at the provider’s API', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const { url } = market.replicate;
    const elsewhere = [
      'https://replicate.delivery/a.png',
      `${url}/_sandbox/state`,
      `${url}/v1/account`,
      `${url}.evil.example/a.png`,
      `see ${url}/a.png`,
    ];
    const outputJson = JSON.stringify({ here: [`${url}/files/a/0.png?x=1`], elsewhere });
    market.replicate.control.addBehaviour({ kind: 'succeed', on: 'create', username: wallet.lot.username, times: 1, outputJson });
    const output = await officialClient(calls.gateway, wallet.key).run(model, { input: { prompt: 'x' } });
    expect(output).toEqual({ here: [expect.stringMatching(/\/gateway\/files\/[\w-]{43}\/files\/a\/0\.png\?x=1$/)], elsewhere });
  });
});

describe('clients that read output files themselves', () => {
  it('the AI SDK makes an image', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const replicate = createReplicate({ apiToken: wallet.key, baseURL: calls.gateway.url });
    const { image } = await generateImage({ model: replicate.image(model), prompt: 'a meter, half burned' });
    expect([...image.uint8Array.slice(0, 4)]).toEqual(PNG);
  });

  describe('over https', () => {
    const site = 'https://market.test';
    let secure: MountedGateway;
    beforeAll(async () => {
      secure = await serveGateway(market, { publicUrl: site });
    });
    afterAll(() => secure.close());

    it('the official client returns a FileOutput with the picture', async () => {
      const wallet = await aWallet(market, { usd: 10 });
      const viaTest = (url: string | URL | Request, init?: RequestInit) =>
        fetch((url instanceof Request ? url.url : url.toString()).replace(site, secure.origin), init);
      const client = new Replicate({ auth: wallet.key, baseUrl: secure.url.replace(secure.origin, site), fetch: viaTest });
      const [file] = (await client.run(model, { input: { prompt: 'x' } })) as [{ blob(): Promise<Blob>; url(): URL }];
      expect(file.url().origin).toBe(site);
      expect([...new Uint8Array(await (await file.blob()).arrayBuffer())].slice(0, 4)).toEqual(PNG);
    });
  });
});
