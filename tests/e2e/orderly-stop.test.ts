import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Replicate from 'replicate';
import { eq } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { checkouts, grants, runs } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { expectInvariants } from '~tests/setup/invariants';
import { services, stack, stackAndServices } from '~tests/setup/stack-services';
import { aLotOnSale, aShopper, payAtStripe, pressBuy, type Shopper } from './shoppers';

/** Gateways are replaced while clients wait for their runs. */
stackAndServices();
let buyer: Shopper;
let key: string;

beforeAll(async () => {
  const listing = await aLotOnSale(stack, services);
  buyer = await aShopper(stack, services, 50);
  await pressBuy(stack, buyer, listing);
  const [checkout] = await services.db.select().from(checkouts).where(eq(checkouts.buyerId, buyer.userId));
  if (!checkout) throw new Error('The checkout is there.');
  await payAtStripe(stack, services, checkout.id);
  await confirmPayment(services.ctxFor({ kind: 'system', name: 'test' }), checkout.id);
  key = (await ensureAccessKey(services.ctxFor(buyer.actor))).text ?? '';
  await fetch(`${stack.replicateUrl}/_sandbox/settings`, { method: 'POST', body: JSON.stringify({ predictionMs: 9_000 }) });
});

it('ten waiting calls end as ten runs, each charged once, while the gateways are replaced one by one', async () => {
  const client = new Replicate({ auth: key, baseUrl: stack.gatewayUrl, useFileOutput: false });
  const calls = Array.from({ length: 10 }, () =>
    client.run('black-forest-labs/flux-schnell', { input: { prompt: randomUUID() }, wait: { mode: 'block', timeout: 60 } }),
  );
  await expect.poll(() => services.db.$count(runs, eq(runs.buyerId, buyer.userId)), { timeout: 20_000 }).toBe(10);
  await sleep(300);
  for (const index of [0, 1]) {
    await stack.haltOne('gateway', index);
    await stack.start('gateway');
  }
  for (const output of await Promise.all(calls)) expect(output).toHaveLength(1);
  const made = await services.db.select().from(runs).where(eq(runs.buyerId, buyer.userId));
  expect(made.map(({ state, capturedNano }) => [state, capturedNano])).toEqual(Array.from({ length: 10 }, () => ['captured', 3_000_000n]));
  const [grant] = await services.db.select().from(grants).where(eq(grants.buyerId, buyer.userId));
  expect(grant).toMatchObject({ capturedNano: 30_000_000n, authorizedNano: 0n });
  await expectInvariants({ services });
});
