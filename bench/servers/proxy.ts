import { createServer, type IncomingMessage } from 'node:http';
import postgres from 'postgres';
import { Pool } from 'undici';

/**
 * A plain proxy without keys or metering. With DATABASE_URL it writes each call before it is sent and again after its answer, durably and
 * in batches: the least that authorizing and settling can cost.
 */
const upstream = new Pool(process.env.UPSTREAM ?? '', { connections: 64 });

const server = createServer((req, res) => {
  forward(req).then(
    ({ status, body }) => res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body),
    () => res.writeHead(502).end(),
  );
});

async function forward(req: IncomingMessage): Promise<{ status: number; body: Buffer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const id = await debit?.before();
  const answer = await upstream.request({
    method: 'POST',
    path: req.url ?? '/',
    headers: { 'content-type': 'application/json', authorization: req.headers.authorization ?? '' },
    body: Buffer.concat(chunks),
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  if (id !== undefined) await debit?.after({ id, body: body.toString() });
  return { status: answer.statusCode, body };
}

function debits(sql: postgres.Sql) {
  return {
    before: together<null, string>(async (calls) => {
      const rows = await sql`insert into debits (amount) select 3000000 from generate_series(1, ${calls.length}) returning id`;
      return rows.map((row) => row.id as string);
    }),
    after: together<{ id: string; body: string }, undefined>(async (calls) => {
      const [ids, bodies] = [calls.map(({ id }) => id), calls.map(({ body }) => body)];
      await sql`update debits set body = x.body from unnest(${ids}::bigint[], ${bodies}::text[]) x(id, body) where debits.id = x.id`;
      return calls.map(() => undefined);
    }),
  };
}

/** Calls that arrive during a commit share the next one. */
function together<Item, Result>(work: (items: Item[]) => Promise<Result[]>): (item?: Item) => Promise<Result> {
  let waiting: { item: Item; done: (result: Result) => void; fail: (error: unknown) => void }[] = [];
  let isBusy = false;
  const drain = async () => {
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await work(batch.map(({ item }) => item)).then(
        (results) => batch.forEach(({ done }, index) => done(results[index] as Result)),
        (error: unknown) => batch.forEach(({ fail }) => fail(error)),
      );
    }
    isBusy = false;
  };
  return (item) =>
    new Promise((done, fail) => {
      waiting.push({ item: item as Item, done, fail });
      if (!isBusy) void drain();
    });
}

const url = process.env.DATABASE_URL;
const debit = url ? debits(postgres(url, { max: 4 })) : null;

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
