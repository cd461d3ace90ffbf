import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUR_MS } from '~/platform/dates';
import type { Services } from '~/services.server';
import { aWallet, serveGateway, type MountedGateway } from '~tests/factories/runs';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { flux, postTo, prompt } from './calling';

const market = testMarket();
let gateway: MountedGateway;
let behindMs = 0;

/** A process whose wall clock can be set back, with a real monotonic clock. */
beforeAll(async () => {
  const now = () => new Date(market.services.clock.now().getTime() - behindMs);
  const services: Services = {
    ...market.services,
    clock: { now },
    ctxFor: (actor) => ({ ...market.services.ctxFor(actor), now: now() }),
  };
  gateway = await serveGateway(market, { services, createsPerMinute: 2, hooks: false, monotonicMs: () => performance.now() });
  market.replicate.control.tune({ predictionMs: 50 });
});
afterAll(() => gateway.close());

it('setting the clock back blocks neither polls nor creates', async () => {
  const [wallet, other] = [await aWallet(market, { usd: 10 }), await aWallet(market, { usd: 10 })];
  const begun = await postTo(gateway, wallet.key, flux, prompt, { prefer: 'respond-async' });
  const poll = async () => {
    const answer = await fetch(`${gateway.url}/predictions/${String(begun.body.id)}`, {
      headers: { authorization: `Bearer ${wallet.key}` },
    });
    return ((await answer.json()) as { status: string }).status;
  };
  await poll();
  await postTo(gateway, other.key, flux, prompt, { prefer: 'respond-async' });

  behindMs = HOUR_MS;
  await expect.poll(poll, { timeout: 10_000 }).toBe('succeeded');
  expect((await postTo(gateway, other.key, flux, prompt, { prefer: 'respond-async' })).status).toBe(201);
  behindMs = 0;
  await expectInvariants(market);
});
