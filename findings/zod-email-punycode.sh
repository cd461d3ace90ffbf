#!/usr/bin/env bash
# zod 4.6.7.
# Guess: z.email() takes every address that a mail server can be reached at, also in the ASCII form of an international name.
# Seen: it takes punycode in the domain, but refuses a punycode top-level domain such as .xn--p1ai.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund zod@4.6.7
cat >try.mjs <<'JS'
import { z } from 'zod';

for (const address of ['a@example.com', 'a@xn--bcher-kva.example', 'a@example.xn--p1ai'])
  console.log(`${address}: ${z.email().safeParse(address).success}`);
JS
seen=$(node try.mjs)
echo "$seen"
[ "$seen" = 'a@example.com: true
a@xn--bcher-kva.example: true
a@example.xn--p1ai: false' ]
