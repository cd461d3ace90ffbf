import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStatement } from '~/queries/market/listing-statements.server';
import { testMarket } from '~tests/setup/market';
import { makeListings } from '../../../bench/browse/lots';

/** The query plan of a search in a market too large to read all of it. */
const market = testMarket();

let client: postgres.Sql;

beforeAll(async () => {
  client = postgres(market.databaseUrl, { max: 1, onnotice: () => undefined });
  await makeListings(client, 100_000);
  await market.asOwner('vacuum (analyze) listings');
});
afterAll(() => client.end());

it.each(['zq7k', 'seller 777', 'abcdef', 'zq', 'z'])('a search for "%s" uses an index instead of reading all lots', async (q) => {
  const { text, values } = pageStatement(market.system(), { q }, { minDaysLeft: 7, rows: 25 });
  const rows = await client.unsafe<Record<string, string>[]>(`explain ${text}`, values);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('listings_seller_name_trgm');
  expect(plan).not.toMatch(/Seq Scan|Scan using/);
});
