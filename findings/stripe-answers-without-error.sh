#!/usr/bin/env bash
# stripe 23.1.0 (Node).
# Guess: every answer with a status of 400 or more makes the call throw an error of the kind that its status says.
# Seen: a 404 whose JSON has no `error` resolves with that JSON as if it were the object. An `error` that is a text instead of an
# object throws StripeOAuthError, for a call that has nothing to do with OAuth.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund stripe@23.1.0
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import Stripe from 'stripe';

let answer;
const server = createServer((req, res) => {
  req.resume();
  res.writeHead(404, { 'content-type': 'application/json' });
  res.end(JSON.stringify(answer));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const stripe = new Stripe('sk_test_none', { host: '127.0.0.1', port: server.address().port, protocol: 'http', maxNetworkRetries: 0 });
for (answer of [{ message: 'not here' }, { error: 'not here' }, { error: { message: 'not here' } }]) {
  const outcome = await stripe.refunds.retrieve('re_1').then(
    (refund) => `resolved with ${JSON.stringify(refund)}`,
    (error) => `threw ${error.type}`,
  );
  console.log(`${JSON.stringify(answer)}: ${outcome}`);
}
server.close();
JS
seen=$(node try.mjs)
echo "$seen"
[ "$seen" = '{"message":"not here"}: resolved with {"message":"not here"}
{"error":"not here"}: threw StripeOAuthError
{"error":{"message":"not here"}}: threw StripeInvalidRequestError' ]
