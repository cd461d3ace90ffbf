import { eq, sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { openDatabase } from '~db/client.server';
import { checkouts, transactions } from '~db/schema';
import { newId } from '~/platform/ids';
import { findCheckoutIfAny } from '~/modules/payments/index.server';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let prepared: () => Promise<string[]>;
let ctx: ReturnType<typeof market.system>;

/** One connection, so that what it has prepared can be read from it. */
beforeAll(() => {
  const { db } = openDatabase(market.databaseUrl, { max: 1 });
  ctx = { ...market.system(), db };
  prepared = async () => {
    const rows = await db.execute<{ statement: string }>(sql`select statement from pg_prepared_statements`);
    return rows.map(({ statement }) => statement);
  };
});

const isById = (text: string) => /^select .*"stripe_params".* from checkouts where id = \$1::uuid$/.test(text);

it('prepares templates and drizzle queries once per connection, in transactions too', async () => {
  const id = newId('checkout', ctx.now);
  for (const _time of [1, 2]) {
    await findCheckoutIfAny(ctx, id);
    await ctx.db.transaction((db) => findCheckoutIfAny({ ...ctx, db, inAtomic: true }, id));
    await ctx.db.transaction((db) => db.select({ id: transactions.id }).from(transactions).where(eq(transactions.checkoutId, id)));
  }
  const statements = await prepared();
  expect(statements.filter((text) => isById(text))).toHaveLength(1);
  expect(statements.filter((text) => text.startsWith('select "id" from "transactions"'))).toHaveLength(1);
});

it('keeps a generic plan of a hot statement that reads by index', async () => {
  const [row] = await ctx.db.execute<Record<'QUERY PLAN', string>>(sql.raw(`explain (generic_plan) ${(await prepared()).find(isById)}`));
  expect(row?.['QUERY PLAN']).toContain('Index Scan');
});

it('does not prepare a statement that is to be planned for its values', async () => {
  await ctx.db.execute(sql`select /* planned for its values */ ${1}::int`);
  await ctx.db.select().from(checkouts).limit(1);
  expect((await prepared()).filter((text) => text.includes('planned for its values'))).toEqual([]);
});
