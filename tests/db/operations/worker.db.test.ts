import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JobRunner } from '~/job-runner';
import { createServices, type Services } from '~/services.server';
import { createReadiness } from '~/web/readiness';
import { prepareMarket } from '~/workflows/listing/prepare-market.server';
import { startWorker } from '~/worker-pool';
import { wayTo, type DatabaseWay } from '~tests/setup/database-way';
import { testMarket } from '~tests/setup/market';

/** A worker whose database connection breaks and returns. An unhandled rejection fails the whole file. */
const market = testMarket();
let way: DatabaseWay;
let services: Services;

beforeAll(async () => {
  way = await wayTo(market.databaseUrl);
  services = await createServices({ ...market.services.env, databaseUrl: way.url });
});
afterAll(async () => {
  await services.close();
  way.cut();
});

/** Adds jobs that fail at once, since their payload is no list of mails. */
const addFailing = (count: number) =>
  market.services.db.execute(sql`select graphile_worker.add_job('send-mail', '{}') from generate_series(1, ${count})`);
const countJobs = async (which: string, task = 'send-mail') => {
  const [row] = await market.services.db.execute<{ count: number }>(
    sql`select count(*)::int as count from graphile_worker.jobs where task_identifier = ${task} and ${sql.raw(which)}`,
  );
  return row?.count ?? 0;
};

it('a worker survives losing the database while jobs fail, and takes jobs again once it is back', async () => {
  const worker = await startWorker(services);
  for (let round = 0; round < 3; round += 1) {
    const failed = await countJobs('attempts > 0');
    await addFailing(200);
    await expect.poll(() => countJobs('attempts > 0'), { timeout: 20_000, interval: 5 }).toBeGreaterThan(failed);
    way.cut();
    await new Promise((done) => setTimeout(done, 500));
    await way.open();
    await expect.poll(() => countJobs('attempts = 0'), { timeout: 40_000 }).toBe(0);
  }
  expect(worker.takesJobs()).toBe(true);
  await worker.stop();
});

it('a worker is reported as taking no jobs while every job hangs, and as working again after', async () => {
  let nowMs = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  const runner = new JobRunner({ connectionString: way.url, tasks: { hang: () => held }, log: services.log }, () => nowMs);
  await runner.start();
  await market.services.db.execute(sql`select graphile_worker.add_job('hang') from generate_series(1, 20)`);
  const running = () => countJobs('locked_at is not null', 'hang');
  await expect.poll(running, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  nowMs = 60_000;
  await expect.poll(() => runner.takesJobs()).toBe(false);
  const readiness = (role: 'all' | 'worker') =>
    createReadiness(
      { ...services, env: { ...services.env, role } },
      () => false,
      () => runner.takesJobs(),
    )();
  await prepareMarket(market.system());
  expect(await readiness('worker')).toMatchObject({
    ready: false,
    text: expect.stringContaining('worker: missing: this process takes no jobs') as string,
  });
  expect(await readiness('all')).toMatchObject({
    ready: true,
    text: expect.stringContaining('worker: warning: this process takes no jobs') as string,
  });
  release();
  await expect.poll(() => runner.takesJobs(), { timeout: 20_000 }).toBe(true);
  await runner.stop();
});
