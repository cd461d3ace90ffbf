import { connect, createServer, type Server, type Socket } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runs } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { cloneDatabase, type TestDatabase } from '~tests/setup/database';
import { startStack, type Stack } from '~tests/setup/stack';
import { freePort } from '../../scripts/postgres.mjs';
import { aShopper, runOnce } from './shoppers';

/** Between the stack and its database, so that nobody else's database goes with it. */
let way: Server;
let database: TestDatabase;
let stack: Stack;
let services: Services;
const open = new Set<Socket>();

beforeAll(async () => {
  database = await cloneDatabase();
  const through = new URL(database.url);
  const { port } = through;
  through.port = String(await freePort());
  way = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  await openWay(Number(through.port));
  stack = await startStack({ PAGE_CACHE_MS: '0' }, { databaseUrl: through.href });
  services = await createServices(readEnv({ ...stack.env, DATABASE_URL: database.url }));
});
afterAll(async () => {
  await services.close();
  await stack.stop();
  closeWay();
  await database.drop();
});

const openWay = (port: number) => new Promise<void>((done) => way.listen(port, '127.0.0.1', done));

function closeWay(): void {
  way.close();
  for (const socket of open) socket.destroy();
  open.clear();
}

it('a lost database is said in a sentence, with when to come again, on pages, in forms and to programs; and it comes back', async () => {
  const shopper = await aShopper(stack, services, 0);
  const { text: key = '' } = await ensureAccessKey(services.ctxFor(shopper.actor));
  closeWay();
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
  await openWay(Number(new URL(stack.env.DATABASE_URL ?? '').port));
  await expect.poll(async () => (await fetch(stack.baseUrl)).status, { timeout: 20_000 }).toBe(200);
});
