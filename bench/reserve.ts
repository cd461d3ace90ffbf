import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { reserveQuantity } from '~/modules/listings/index.server';
import type { ReserveQuantity } from '~/modules/listings/reserve-statements';
import { readEnv } from '~/platform/env';
import { idToUuid, newId, uuidToId, type ListingId } from '~/platform/ids';
import { createServices, type Services } from '~/services.server';
import { printGoals, printMachine, printTable, say } from './lib/report';
import { measureInTurns, withCpu, type Candidate, type Measured, type Sample } from './lib/measure';
import { newDatabase, startBenchPostgres, type BenchPostgres } from './lib/processes';
import { makeLots, soldAmounts } from './reserve/lots';

const SECONDS = 2;
const POOL = 16;
const AMOUNT_NANO = 10_000_000_000n;
const SPREAD = 1_000;

/** One way to reserve quantity; true if it succeeded. */
type Take = (listingId: ListingId) => Promise<boolean>;

/**
 * `npm run bench:reserve`: durable reservations a second, on one hot lot and spread over a thousand, beside
 * a bare statement with the same rules and no shared commits. Then checks that what was answered is what was reserved.
 */
async function main(): Promise<void> {
  printMachine();
  const server = await startBenchPostgres();
  try {
    const url = await newDatabase(server, 'reserve');
    const services = await createServices(readEnv(environment(url)));
    const bare = postgres(url, { max: POOL, onnotice: () => undefined });
    const lots = await makeLots(bare, SPREAD);
    const taken = { count: 0 };
    const ways: [string, Take][] = [
      ['one bare statement', counted(taken, bareStatement(bare))],
      ['reserve-quantity', counted(taken, ours(services))],
    ];
    for (const callers of [16, 64]) await measure(server, ways, lots, callers);
    await count(bare, taken.count);
    await bare.end();
    await services.close();
  } finally {
    await server.stop();
  }
}

async function measure(server: BenchPostgres, ways: [string, Take][], lots: ListingId[], callers: number): Promise<void> {
  const shapes: [string, () => ListingId][] = [
    ['hot', () => lots[0] ?? never()],
    ['spread', () => lots[Math.floor(Math.random() * lots.length)] ?? never()],
  ];
  const candidates: Candidate[] = shapes.flatMap(([shape, pick]) =>
    ways.map(([way, take]) => ({ name: `${shape}, ${way}`, run: () => callAtOnce(server, callers, () => take(pick())) })),
  );
  const measured = await measureInTurns(candidates);
  printTable(`${callers} callers`, measured.values());
  const ratio = (shape: string) => perSecond(measured, `${shape}, reserve-quantity`) / perSecond(measured, `${shape}, one bare statement`);
  printGoals([
    { name: `hot, ${callers} callers ÷ bare statement`, ratio: ratio('hot'), goal: 4 },
    { name: `spread, ${callers} callers ÷ bare statement`, ratio: ratio('spread'), goal: 0.9 },
  ]);
}

/** Runs this many callers for a few seconds, each with one call at a time. */
async function callAtOnce(server: BenchPostgres, callers: number, call: () => Promise<boolean>): Promise<Sample> {
  const { result, nodeMicros, postgresMicros } = await withCpu(
    async () => {
      const from = performance.now();
      let requests = 0;
      const latencies: number[] = [];
      const caller = async () => {
        while (performance.now() - from < SECONDS * 1_000) {
          const began = performance.now();
          if (await call()) requests += 1;
          latencies.push(performance.now() - began);
        }
      };
      await Promise.all(Array.from({ length: callers }, caller));
      latencies.sort((a, b) => a - b);
      const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0;
      return { requests, perSecond: requests / ((performance.now() - from) / 1_000), p50Ms: at(0.5), p99Ms: at(0.99) };
    },
    { node: [process.pid], postgres: server.pid },
  );
  const { perSecond: rate, p50Ms, p99Ms } = result;
  return { perSecond: rate, p50Ms, p99Ms, nodeMicros, postgresMicros };
}

function ours(services: Services): Take {
  const ctx = services.ctxFor({ kind: 'system', name: 'bench' });
  return async (listingId) => {
    const at = services.clock.now();
    const request: ReserveQuantity = {
      listingId,
      checkoutId: newId('checkout', at),
      buyerId: uuidToId('user', randomUUID()),
      creditNano: AMOUNT_NANO,
      shownDiscountBps: 5_000,
      minPurchaseCents: 500n,
      minDaysLeft: 1,
    };
    await reserveQuantity({ ...ctx, now: at }, request);
    return true;
  };
}

/** The same rules in one statement without a queue: reserve if allowed, record the owner, commit. */
function bareStatement(sql: postgres.Sql): Take {
  return async (listingId) => {
    const [id, buyer, amount] = [idToUuid(listingId), randomUUID(), String(AMOUNT_NANO)];
    const rows = await sql`
      with taken as (
        update listings l set available_nano = available_nano - ${amount}::bigint, reserved_nano = reserved_nano + ${amount}::bigint
        where id = ${id}::uuid and state = 'active' and secret_id is not null and seller_id <> ${buyer}::uuid
          and credit_expires_at > now() + interval '1 day' and discount_bps >= 5000
          and (available_nano = ${amount}::bigint or available_nano >= ${amount}::bigint
            and ${amount}::bigint >= greatest(min_nano, ceil(500 * 10000.0 / (10000 - discount_bps))::bigint * 10000000))
          and not exists (select 1 from provider_accounts mine join provider_accounts theirs using (provider, username)
            where mine.seller_id = ${buyer}::uuid and theirs.id = l.provider_account_id)
        returning id
      )
      insert into reservations (id, listing_id, checkout_id, credit_nano, state, created_at)
      select ${randomUUID()}::uuid, id, ${randomUUID()}::uuid, ${amount}::bigint, 'live', now() from taken
      on conflict (checkout_id, listing_id) do nothing returning id`;
    return rows.length === 1;
  };
}

function counted(taken: { count: number }, take: Take): Take {
  return async (listingId) => {
    const done = await take(listingId);
    if (done) taken.count += 1;
    return done;
  };
}

async function count(sql: postgres.Sql, answered: number): Promise<void> {
  const { reservations, reservedNano, oversold } = await soldAmounts(sql);
  const adds = reservations === answered && reservedNano === BigInt(reservations) * AMOUNT_NANO && oversold === 0;
  say(`\nanswered ${answered}, reservations ${reservations}, reserved on lots ${reservedNano / AMOUNT_NANO}, lots oversold ${oversold}`);
  if (!adds) throw new Error('What was answered is not what was sold.');
}

function perSecond(measured: Map<string, Measured>, name: string): number {
  return measured.get(name)?.perSecond?.median ?? Number.NaN;
}

function environment(databaseUrl: string): Record<string, string> {
  return {
    APP_MODE: 'test',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: String(POOL),
    PUBLIC_URL: 'http://market.test',
    VAULT_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench',
    STRIPE_API_URL: 'http://127.0.0.1:9',
    REPLICATE_API_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
  };
}

function never(): never {
  throw new Error('There are no lots.');
}

await main();
