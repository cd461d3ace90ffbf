import { randomUUID } from 'node:crypto';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import postgres from 'postgres';

/**
 * The limit of a purchase: the same requests, statements and atomic blocks, and nothing else. Each statement reads or writes one row by
 * its key; there is no validation, logging, rendering or waiting for locks.
 */
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 12, onnotice: () => undefined });
const stripe = new URL(process.env.STRIPE_URL ?? '');
const agent = new Agent({ keepAlive: true });
const known = randomUUID();
await sql`create table bare (id uuid primary key, body text not null, at timestamptz not null default now())`;
await sql`insert into bare (id, body) values (${known}, ${'x'.repeat(300)})`;

type Steps = { read: number; write: number };

async function each({ read, write }: Steps, on: postgres.Sql | postgres.TransactionSql = sql): Promise<void> {
  for (let n = 0; n < read; n += 1) await on`select id, body, at from bare where id = ${known}`;
  for (let n = 0; n < write; n += 1) await on`insert into bare (id, body) values (${randomUUID()}, ${'x'.repeat(300)})`;
}

const block = (steps: Steps) => sql.begin((tx) => each(steps, tx));

/** A purchase's reads, writes and blocks, counted in the database's log (docs/performance.md#purchase). */
const taken = {
  form: { alone: { read: 4, write: 2 }, block: { read: 3, write: 4 }, after: { read: 0, write: 1 } },
  back: { alone: { read: 4, write: 0 }, block: { read: 3, write: 8 } },
  webhook: { read: 1, write: 2 },
  mail: { read: 1, write: 2 },
};

function callStripe(method: 'GET' | 'POST', path: string, form?: URLSearchParams): Promise<{ id: string; url: string | null }> {
  const headers = {
    authorization: `Bearer ${process.env.STRIPE_KEY ?? ''}`,
    'content-type': 'application/x-www-form-urlencoded',
    ...(form && { 'idempotency-key': randomUUID() }),
  };
  return new Promise((done, fail) => {
    request({ host: stripe.hostname, port: stripe.port, method, path, agent, headers }, (answer) => {
      text(answer).then((body) => done(JSON.parse(body) as { id: string; url: string }), fail);
    })
      .on('error', fail)
      .end(form?.toString());
  });
}

async function buy(): Promise<string> {
  await each(taken.form.alone);
  await block(taken.form.block);
  const back = `http://127.0.0.1/back`;
  const item = { currency: 'usd', unit_amount: '500', 'product_data][name': '$10.00 of credit' };
  const session = await callStripe(
    'POST',
    '/v1/checkout/sessions',
    new URLSearchParams({
      mode: 'payment',
      success_url: back,
      cancel_url: back,
      'line_items[0][quantity]': '1',
      ...Object.fromEntries(Object.entries(item).map(([name, value]) => [`line_items[0][price_data][${name}]`, value])),
    }),
  );
  await each(taken.form.after);
  return session.url ?? '';
}

async function comeBack(sessionId: string): Promise<void> {
  await each(taken.back.alone);
  await callStripe('GET', `/v1/checkout/sessions/${sessionId}?expand[0]=payment_intent.latest_charge.balance_transaction`);
  await block(taken.back.block);
  void each(taken.mail);
}

async function answer(req: IncomingMessage): Promise<{ status: number; location?: string }> {
  await text(req);
  const path = req.url ?? '/';
  if (path === '/buy') return { status: 303, location: await buy() };
  if (path.startsWith('/back/')) {
    await comeBack(path.slice('/back/'.length));
    return { status: 302, location: '/' };
  }
  await each(taken.webhook);
  return { status: 200 };
}

const server = createServer((req, res) => {
  answer(req).then(
    ({ status, location }) => res.writeHead(status, location === undefined ? {} : { location }).end(),
    (error: unknown) => res.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.({ port: Number(process.env.PORT) }));
