import { randomUUID } from 'node:crypto';
import { count, eq } from 'drizzle-orm';
import { Pool } from 'undici';
import { transactions } from '~db/schema';
import { paths } from '~/paths';
import { readEnv } from '~/platform/env';
import type { ListingId } from '~/platform/ids';
import { checkInvariants } from '~/invariants/check-invariants.server';
import { createServices, type Services } from '~/services.server';
import { payAt, startBare } from './checkout/bare';
import { buyers, lotsOnSale, openBenchMarket, type Buyer } from './checkout/people';
import { startApp, type BenchApp } from './lib/app';
import { measureInTurns, withCpu, type Sample } from './lib/measure';
import { newDatabase, startBenchPostgres } from './lib/processes';
import { printGoals, printMachine, printTable, say } from './lib/report';

const SECONDS = 5;
/** Warm-up time, so that V8's compiling is not measured. */
const WARM_UP_SECONDS = 12;
const CALLERS = 16;
/** A buyer starts at most 40 checkouts in ten minutes. */
const BUYERS = 1_000;
const SPREAD = 100;
/** Vendure's full purchases a second on a machine of this size. Our goal is fifty times as many. */
const VENDURE_PER_SECOND = 10;

/**
 * `npm run bench:checkout`: whole purchases over HTTP, from the buy form through a sandbox payment to usable credit, by
 * 16 buyers at once, on one hot lot and spread over a hundred. Web, worker, PostgreSQL, both sandboxes and the buyers share the cores.
 * Beside it the limit: the same requests and as many bare statements (`servers/bare-purchase.ts`), paid at its own sandbox.
 */
async function main(): Promise<void> {
  printMachine();
  const server = await startBenchPostgres();
  const url = await newDatabase(server, 'checkout');
  const app = await startApp(url, ['stripe-sandbox', 'replicate-sandbox', 'server'], { ROLE: 'all' });
  const services = await createServices(readEnv(app.env));
  try {
    const admin = await openBenchMarket(services);
    const lots = await lotsOnSale(services, admin, app.replicateUrl, SPREAD);
    const browser = new Pool(app.origin, { connections: CALLERS });
    const next = inTurn(await buyers(services, BUYERS));
    const bought = { count: 0 };
    const bare = await startBare(server, CALLERS);
    const pids = ['server', 'stripe-sandbox'].map((part) => app.findPid(part as 'server'));
    const onAny = () => lots[Math.floor(Math.random() * lots.length)] ?? never();
    const shape = (name: string, pick: () => ListingId, seconds = SECONDS) => ({
      name,
      run: () => buyAtOnce({ node: pids, postgres: server.pid }, seconds, () => purchase(app, browser, next(), pick(), bought)),
    });
    await shape('warm-up', onAny, WARM_UP_SECONDS).run();
    const measured = await measureInTurns([
      shape('hot', () => lots[0] ?? never()),
      shape('spread', onAny),
      { name: 'the limit', run: () => buyAtOnce({ node: bare.pids, postgres: server.pid }, SECONDS, () => bare.purchase()) },
    ]);
    printTable(`whole purchases, ${CALLERS} buyers`, measured.values());
    const perSecond = (name: string) => measured.get(name)?.perSecond?.median ?? 0;
    printGoals(
      ['hot', 'spread', 'the limit'].map((name) => ({
        name: `${name} ÷ Vendure’s ${VENDURE_PER_SECOND} a second`,
        ratio: perSecond(name) / VENDURE_PER_SECOND,
        goal: 50,
      })),
    );
    say(['hot', 'spread'].map((name) => `${name} ÷ the limit ${(perSecond(name) / perSecond('the limit')).toFixed(2)}`).join(', '));
    await browser.close();
    await bare.stop();
    await holdToAccount(services, bought.count);
  } finally {
    await services.close();
    await app.stop();
    await server.stop();
  }
}

async function buyAtOnce(pids: { node: number[]; postgres: number }, seconds: number, buy: () => Promise<void>): Promise<Sample> {
  const { result, nodeMicros, postgresMicros } = await withCpu(async () => {
    const from = performance.now();
    const took: number[] = [];
    const buyer = async () => {
      while (performance.now() - from < seconds * 1_000) {
        const began = performance.now();
        await buy();
        took.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, buyer));
    took.sort((a, b) => a - b);
    const at = (part: number) => took[Math.floor(took.length * part)] ?? 0;
    return { requests: took.length, perSecond: took.length / ((performance.now() - from) / 1_000), p50Ms: at(0.5), p99Ms: at(0.99) };
  }, pids);
  const { perSecond, p50Ms, p99Ms } = result;
  return { perSecond, p50Ms, p99Ms, nodeMicros, postgresMicros };
}

/** Acts as a browser: sends the form, follows to Stripe, pays, and returns to a page with the credit. */
async function purchase(app: BenchApp, browser: Pool, buyer: Buyer, lot: ListingId, bought: { count: number }): Promise<void> {
  const form = new URLSearchParams({ intent: 'buy', amount: '10.00', shownDiscountBps: '5000', useNow: 'on', formToken: randomUUID() });
  const started = await browser.request({
    method: 'POST',
    path: paths.listing(lot),
    headers: { cookie: buyer.cookie, origin: app.origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  await started.body.dump();
  const page = String(started.headers.location ?? '');
  const session = /cs_\w+/.exec(page)?.[0];
  if (started.statusCode !== 303 || !session) throw new Error(`The form was answered ${started.statusCode}, to ${page}.`);
  const done = await payAt(app.stripeUrl, session);
  const back = await browser.request({ method: 'GET', path: new URL(done.success_url).pathname, headers: { cookie: buyer.cookie } });
  const text = await back.body.text();
  // If the return page confirms the payment, it redirects to itself; if the webhook was first, the page says so at once.
  if (back.statusCode !== 302 && !text.includes('Payment received')) throw new Error(`Paid, and answered ${back.statusCode}.`);
  bought.count += 1;
}

async function holdToAccount(services: Services, bought: number): Promise<void> {
  const [row] = await services.db.select({ delivered: count() }).from(transactions).where(eq(transactions.state, 'delivered'));
  const broken = await checkInvariants(services.ctxFor({ kind: 'system', name: 'bench' }));
  say(
    `\nbought ${bought}, delivered ${row?.delivered ?? 0}, invariants ${broken.length === 0 ? 'hold' : `BROKEN: ${broken.map(({ rule }) => rule).join(', ')}`}`,
  );
  if (row?.delivered !== bought || broken.length > 0) throw new Error('What was bought is not what was delivered.');
}

function inTurn<Item>(items: Item[]): () => Item {
  let at = 0;
  return () => items[at++ % items.length] ?? never();
}

function never(): never {
  throw new Error('There is none.');
}

await main();
