import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessKeys } from '~db/schema';
import { startSignIn } from '~/modules/accounts/index.server';
import { importPriceBook } from '~/modules/pricing/index.server';
import { paths } from '~/paths';
import { usdNano } from '~/platform/money';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, aRun, burn } from '~tests/factories/transactions';
import { testMarket } from '~tests/setup/market';
import { serveMarket, type ServedMarket } from './isolation/serve';

const market = testMarket();
let served: ServedMarket;
let buyer: Person;

beforeAll(async () => {
  served = await serveMarket(market);
  await importPriceBook(market.system());
  const { listing } = await aListing(market, { admin: await anAdmin(market), onSale: 27.6 });
  buyer = await aPerson(market);
  await aPurchase(market, buyer, listing, 20);
  await burn(buyer, 406_000n);
  await aRun(buyer, usdNano(1));
  await market.system().db.update(accessKeys).set({ name: '=HYPERLINK("http://evil.example")' }).where(eq(accessKeys.buyerId, buyer.id));
});
afterAll(() => served.close());

async function visit(path: string) {
  const cookie = (await startSignIn(market.system(), buyer.id, null)).split(';')[0] ?? '';
  const answer = await fetch(served.url + path, { redirect: 'manual', headers: { Cookie: cookie } });
  return { status: answer.status, headers: answer.headers, text: (await answer.text()).replace(/<!-- -->/g, '') };
}

it('the buyer’s own runs can be downloaded as a CSV without spreadsheet formulas', async () => {
  const file = await visit(paths.walletRunsCsv());
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(file.headers.get('content-disposition')).toMatch(/attachment; filename="runs-\d{4}-\d\d-\d\d\.csv"/);
  const lines = file.text.trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain('0.000406');
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect((await visit(paths.walletRunsCsv({ state: 'charged' }))).text.trim().split('\r\n')).toHaveLength(2);
});

it('the wallet shows runs with seconds, and names filters that it cannot read', async () => {
  expect((await visit(paths.wallet())).text).toMatch(/\d\d:\d\d:\d\d UTC/);
  expect((await visit(paths.wallet({ state: 'free' }))).text).toContain('No run fits these filters.');
  const wrong = await visit(paths.wallet({ until: '31.12.2026' }));
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('A day, such as 2027-01-31.');
});

it('a lot answers an amount it does not sell with a sentence, and compares only what it holds', async () => {
  const { listing } = await aListing(market, { admin: await anAdmin(market), onSale: 27.6 });
  const page = (amount: string) => visit(paths.listing(listing.id, { amount }));
  expect((await page('9999')).text).toContain('Only $27.60 of credit is left in this lot.');
  expect((await page('abc')).text).toContain('Enter an amount in dollars, such as 100.00.');
  expect((await page('1')).text).toContain('The smallest purchase here is $10.00 of credit.');
  expect((await page('20')).text).toContain('For $13.80: solid is what it buys');
});
