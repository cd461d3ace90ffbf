#!/usr/bin/env bash
# drizzle-orm 0.45.4 with postgres 3.4.9.
# Guess: a column inside sql`…` is always written with its table, so a raw correlated subquery compares with the outer row.
# Seen: in the column list of a select from one table drizzle drops the table name. The subquery then compares with its own column of
# that name. With a join in the same select the name stays.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund drizzle-orm@0.45.4 postgres@3.4.9
cat >try.mjs <<'JS'
import { eq, sql } from 'drizzle-orm';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

const lots = pgTable('lots', { id: integer('id') });
const notes = pgTable('notes', { id: integer('id'), lotId: integer('lot_id') });
// The statements are only written, so nothing needs to listen here.
const db = drizzle(postgres('postgres://nobody@127.0.0.1:1/none'));
const noted = sql`exists (select 1 from notes n where n.lot_id = ${lots.id})`;
console.log(db.select({ noted }).from(lots).toSQL().sql);
console.log(db.select({ noted }).from(lots).innerJoin(notes, eq(notes.lotId, lots.id)).toSQL().sql);
process.exit(0);
JS
seen=$(node try.mjs)
echo "$seen"
[ "$seen" = 'select exists (select 1 from notes n where n.lot_id = "id") from "lots"
select exists (select 1 from notes n where n.lot_id = "lots"."id") from "lots" inner join "notes" on "notes"."lot_id" = "lots"."id"' ]
