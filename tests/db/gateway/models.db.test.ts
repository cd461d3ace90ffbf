import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { grants } from '~db/schema';
import { mintAccessKey } from '~/modules/metering/index.server';
import { aPerson } from '~tests/factories/market';
import { aWallet, officialClient, serveGateway, type Wallet } from '~tests/factories/runs';
import { testMarket } from '~tests/setup/market';
import { calling } from './calling';

/** Clients look up a model or version before or after a run. Python's `run("owner/name:version")` does so after the run is paid. */
const market = testMarket();
const calls = calling(market);
const flux = ['black-forest-labs', 'flux-schnell'] as const;

async function look(key: string, path: string, url = calls.gateway.url) {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function sdxlVersion(wallet: Wallet): Promise<string> {
  const { body } = await look(wallet.lot.token, '/models/stability-ai/sdxl', `${market.replicate.url}/v1`);
  return (body.latest_version as { id: string }).id;
}

describe('the official client looks up', () => {
  it('a priced model, its versions and one version, as Replicate describes them', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = officialClient(calls.gateway, wallet.key);
    const model = await client.models.get(...flux);
    expect(model).toMatchObject({ owner: flux[0], name: flux[1], visibility: 'public' });
    // The client declares a list, but passes on the page that the API answers.
    const page: unknown = await client.models.versions.list(...flux);
    const { results: versions } = page as { results: { id: string }[] };
    expect(versions.map(({ id }) => id)).toEqual([model.latest_version?.id]);
    const version = await client.models.versions.get(...flux, versions[0]?.id ?? '');
    expect(version.openapi_schema).toMatchObject({ components: { schemas: { Output: { type: 'array' } } } });
  });

  it('a version after the run that used up the wallet', async () => {
    const wallet = await aWallet(market, { usd: 0.003 });
    const client = officialClient(calls.gateway, wallet.key);
    await client.run('black-forest-labs/flux-schnell', { input: { prompt: 'x' } });
    await market.system().db.update(grants).set({ state: 'exhausted' }).where(eq(grants.id, wallet.lot.grantId));
    const cold = await serveGateway(market);
    expect((await look(wallet.key, `/models/${flux.join('/')}`, cold.url)).status).toBe(200);
    await cold.close();
  });
});

describe('a model look-up', () => {
  it('contains no URL of the provider', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const { body } = await look(wallet.key, '/models/meta/meta-llama-3.1-405b-instruct');
    expect(body.default_example).toMatchObject({ status: 'succeeded', model: 'meta/meta-llama-3.1-405b-instruct' });
    expect(JSON.stringify(body)).not.toContain(market.replicate.url);
  });

  it('is served from the cache while fresh', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const version = await sdxlVersion(wallet);
    const paths = ['', '/versions', `/versions/${version}`].map((part) => `/models/stability-ai/sdxl${part}`);
    for (const path of paths) expect((await look(wallet.key, path)).status).toBe(200);
    market.replicate.control.startOutage({ ms: 60_000 });
    for (const path of paths) expect((await look(wallet.key, path)).status).toBe(200);
    expect((await look(wallet.key, '/models/google/veo-3')).status).toBe(503);
    market.replicate.control.startOutage({ ms: 0 });
  });

  it('is 404 for models without a price, private models, and versions of another model', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const version = await sdxlVersion(wallet);
    for (const path of [
      'acme-labs/unpriced-model',
      `${wallet.lot.username}/house-style`,
      'no/model',
      'acme-labs/unpriced-model/versions',
    ]) {
      expect(await look(wallet.key, `/models/${path}`)).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining('/docs/gateway') as string },
      });
    }
    for (const id of [version, 'a'.repeat(64)])
      expect((await look(wallet.key, `/models/${flux.join('/')}/versions/${id}`)).status).toBe(404);
  });

  it('uses the token of a lot in the wallet, so an empty wallet gets 402', async () => {
    await aWallet(market, { usd: 10 });
    const { text } = await mintAccessKey((await aPerson(market)).ctx(), { name: 'empty' });
    expect((await look(text ?? '', `/models/${flux.join('/')}`)).status).toBe(402);
    expect((await look('cmk_none', `/models/${flux.join('/')}`)).status).toBe(401);
  });
});
