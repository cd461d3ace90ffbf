#!/usr/bin/env bash
# replicate 1.4.0 (JavaScript).
# Guess: run() polls until the prediction has ended, whatever status the create answers with.
# Seen: it polls only after `starting`. A create that answers `processing` makes run() return its empty output at once.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund replicate@1.4.0
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import Replicate from 'replicate';

const prediction = (status, output) => JSON.stringify({ id: 'p1', status, output, urls: { get: `${base}/predictions/p1` } });
let first;
let calls = [];
const server = createServer((req, res) => {
  calls.push(req.method);
  req.resume();
  res.writeHead(req.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
  res.end(req.method === 'POST' ? prediction(first, null) : prediction('succeeded', ['done']));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}/v1`;
const client = new Replicate({ auth: 'none', baseUrl: base, useFileOutput: false });
for (first of ['starting', 'processing']) {
  calls = [];
  const output = await client.run('owner/model', { input: {} });
  console.log(`${first}: ${JSON.stringify(output)} after ${calls.join(' ')}`);
}
server.close();
JS
seen=$(node try.mjs)
echo "$seen"
[ "$seen" = 'starting: ["done"] after POST GET
processing: null after POST' ]
