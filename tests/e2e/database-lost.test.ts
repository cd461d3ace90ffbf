import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runs } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { cloneDatabase, type TestDatabase } from '~tests/setup/database';
import { wayTo, type DatabaseWay } from '~tests/setup/database-way';
import { startStack, type Stack } from '~tests/setup/stack';
import { aShopper, runOnce } from './shoppers';

let way: DatabaseWay;
let database: TestDatabase;
let stack: Stack;
let services: Services;

beforeAll(async () => {
  database = await cloneDatabase();
  way = await wayTo(database.url);
  stack = await startStack({ PAGE_CACHE_MS: '0' }, { databaseUrl: way.url });
  services = await createServices(readEnv({ ...stack.env, DATABASE_URL: database.url }));
});
afterAll(async () => {
  await services.close();
  await stack.stop();
  way.cut();
  await database.drop();
});

it('a lost database gives 503 with a sentence and Retry-After on pages, in forms and in the API, until it is back', async () => {
  const shopper = await aShopper(stack, services, 0);
  const { text: key = '' } = await ensureAccessKey(services.ctxFor(shopper.actor));
  way.cut();
  const form = {
    method: 'POST',
    headers: { Origin: stack.baseUrl },
    body: new URLSearchParams({ email: 'a@b.test', password: 'long enough' }),
  };
  for (let round = 0; round < 3; round += 1) {
    for (const [path, init] of [['/'], ['/listings'], ['/signin', form], ['/api/v1/listings']] satisfies [string, RequestInit?][]) {
      const answer = await fetch(stack.baseUrl + path, init);
      expect([path, answer.status, Number(answer.headers.get('Retry-After')) > 0]).toEqual([path, 503, true]);
      expect(await answer.text()).toMatch(/Our database does not answer\.|We cannot check this right now/);
    }
    const run = await runOnce(stack.gatewayUrl, key ?? '', `picture ${round}`);
    expect(run.status).toBe(503);
  }
  expect(await services.db.select().from(runs).where(eq(runs.buyerId, shopper.userId))).toEqual([]);
  await way.open();
  await expect.poll(async () => (await fetch(stack.baseUrl)).status, { timeout: 20_000 }).toBe(200);
});
