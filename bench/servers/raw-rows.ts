import { createServer } from 'node:http';
import postgres from 'postgres';
import { readAfter, sameQuery } from '../browse/same-query';

/** The limit of an API over this database: node:http and postgres.js, the same query, the rows as JSON. */
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 12 });
const server = createServer((req, res) => {
  sameQuery(sql, readAfter(req.url ?? '')).then(
    (rows) => {
      const body = JSON.stringify({ listings: rows.slice(0, 24) });
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
    },
    (error: unknown) => res.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
