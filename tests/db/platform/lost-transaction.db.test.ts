import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openDatabase } from '~db/client.server';
import { isLostConnection } from '~/platform/lost-connection';
import { testDatabase } from '~tests/setup/database';
import { wayTo } from '~tests/setup/database-way';

const database = testDatabase();

it('a transaction whose connection closes is rejected, sends no rollback, and leaves the pool usable', async () => {
  const way = await wayTo(database.url);
  const sent: string[] = [];
  const opened = openDatabase(way.url, { max: 1, onStatement: (_connection, text) => sent.push(text) });
  const { db } = opened;
  await db.execute(sql`select 1`);
  const waiting = db.transaction((tx) => tx.execute(sql`select pg_sleep(30)`));
  await sleep(200);
  way.cut();
  await expect(waiting).rejects.toSatisfy(isLostConnection);
  await way.open();
  await sleep(1_500);
  expect(sent.filter((text) => /rollback/i.test(text))).toEqual([]);
  expect(await db.execute(sql`select 2 as two`)).toMatchObject([{ two: 2 }]);
  await opened.close();
  way.cut();
});
