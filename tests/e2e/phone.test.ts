import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSignIn } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { aListing, anAdmin, aPerson, aSeller, type Person } from '~tests/factories/market';
import { aPurchase } from '~tests/factories/transactions';
import { mailTo } from '~tests/factories/users';
import { testBrowser } from '~tests/setup/browser';
import { testMarket } from '~tests/setup/market';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** Pages on the narrowest phone with long names, and focus and announcements for keyboard and screen reader. */
const market = testMarket();
const browser = testBrowser();
const longName = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Incorporated Holdings LLC';
let served: ServedMarket;
let seller: Person;
let buyer: Person;
let lot: string;
let bought: string;

beforeAll(async () => {
  served = await serveMarket(market);
  seller = await aSeller(market, longName);
  buyer = await aPerson(market, longName);
  const { listing } = await aListing(market, { seller });
  await aListing(market, { onSale: 300 });
  lot = listing.id;
  bought = (await aPurchase(market, buyer, listing)).transactionId;
});
afterAll(() => served.close());

async function open(path: string, width: number, person?: Person): Promise<Page> {
  const page = await browser.open({ viewport: { width, height: 780 } });
  if (person) {
    const [name = '', value = ''] = ((await startSignIn(market.system(), person.id, null)).split(';')[0] ?? '').split('=');
    await page.context().addCookies([{ name, value, url: served.url }]);
  }
  await page.goto(served.url + path);
  return page;
}

/** How many pixels the page is wider than its window. */
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

describe('at 360 px', () => {
  it('nothing is wider than the window', async () => {
    const pages: [string, Person?][] = [
      [paths.home()],
      [paths.listings()],
      [paths.listing(lot)],
      [paths.howItWorks()],
      [paths.gatewayDocs()],
      [paths.terms()],
      [paths.sell(), seller],
      [paths.sellNew(), seller],
      [paths.sellListing(lot), seller],
      [paths.wallet(), buyer],
      [paths.transactions(), buyer],
      [paths.transaction(bought), buyer],
      [paths.settings(), buyer],
    ];
    for (const [path, person] of pages) expect(await overflow(await open(path, 360, person)), path).toBeLessThanOrEqual(0);
  });

  it('the market’s title is within the first 140 px, and the filters are one step away', async () => {
    const page = await open(paths.listings(), 360);
    expect((await page.locator('h1').boundingBox())?.y).toBeLessThan(140);
    const toFilters = page.getByRole('link', { name: 'Search and filter' });
    expect((await toFilters.boundingBox())?.y).toBeLessThan(400);
    await toFilters.click();
    await expect.poll(async () => (await page.getByRole('searchbox').boundingBox())?.y ?? 9_999).toBeLessThan(780);
  });

  it('a lot’s row shows level and seller', async () => {
    const page = await open(paths.listings(), 360);
    const row = page.getByRole('row').nth(1);
    for (const part of ['.lots-level', '.lots-seller']) expect(await row.locator(part).isVisible(), part).toBe(true);
  });

  it('the bars above an admin page’s title are low, too', async () => {
    const admin = await anAdmin(market);
    expect((await (await open(paths.admin.audit(), 360, admin)).locator('h1').boundingBox())?.y).toBeLessThan(270);
  });
});

describe('a seller’s earnings', () => {
  it.each([360, 861, 1_000, 1_110, 1_210, 1_440])('are visible at %d px without scrolling sideways', async (width) => {
    const page = await open(paths.sell(), width, seller);
    const box = await page.getByRole('cell').filter({ hasText: '$' }).last().boundingBox();
    expect((box?.x ?? 9_999) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect((box?.x ?? 9_999) + (box?.width ?? 0)).toBeLessThanOrEqual(await rightEdge(page));
  });
});

/** The right edge of the table's visible part; anything beyond must be scrolled to. */
function rightEdge(page: Page): Promise<number> {
  return page
    .locator('.scroll-x')
    .first()
    .evaluate((window) => window.getBoundingClientRect().right + 1);
}

it('what a new listing would bring stands by its price: in a line on phones, in the panel on wide screens', async () => {
  for (const [width, inLine] of [
    [360, true],
    [1_440, false],
  ] as const) {
    const page = await open(paths.sellNew(), width, seller);
    await page.getByLabel('Face value (USD)').fill('520');
    await page.getByLabel('Discount (%)').fill('50');
    const line = page.getByText('You earn up to $225.00: buyers pay $250.00, our fee is $25.00.');
    await line.waitFor({ state: 'attached' });
    expect(await line.isVisible()).toBe(inLine);
    if (!inLine) continue;
    const [lineAt, tokenAt] = [await line.boundingBox(), await page.getByLabel('Replicate API token').boundingBox()];
    expect(lineAt?.y).toBeLessThan(tokenAt?.y ?? 0);
  }
});

describe('a long name', () => {
  it.each([1_110, 1_280, 1_440])('leaves Sign out on the screen at %d px', async (width) => {
    const page = await open(paths.wallet(), width, buyer);
    const box = await page.getByRole('button', { name: 'Sign out' }).first().boundingBox();
    expect((box?.x ?? 9_999) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

describe('a long id', () => {
  it.each([360, 1_440])('fits on one line at %d px', async (width) => {
    const page = await open(paths.admin.ledger(), width, await anAdmin(market));
    const lines = await page.locator('.mono a').evaluateAll((links) => links.map((link) => link.getClientRects().length));
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines)).toEqual(new Set([1]));
  });
});

describe('navigation', () => {
  it('to another page moves the focus to its title', async () => {
    const page = await open(paths.wallet(), 1_440, buyer);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Browse' }).click();
    await page.waitForURL((url) => url.pathname === paths.listings());
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('of credit in');
  });

  it('within the page keeps the focus, and the new title is announced', async () => {
    const page = await open(paths.listings(), 1_440, buyer);
    await page.getByLabel('Available, at least (USD)').fill('500');
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await page.waitForURL((url) => url.searchParams.get('amount') === '500');
    // The URL has no empty form fields.
    expect(new URL(page.url()).search).toBe('?amount=500');
    await expect.poll(() => page.locator('[data-announcer]').textContent()).toContain('in 1 lot');
  });
});

describe('the demo’s mail', () => {
  it('is rendered, and fits 360 px', async () => {
    const [mail] = await mailTo(market.system(), buyer.email);
    const page = await open(paths.devMailOne(mail?.id ?? ''), 360);
    const frame = page.frameLocator('iframe').first();
    await frame.locator('h1').waitFor();
    expect(
      await frame
        .locator('a')
        .first()
        .evaluate((link) => getComputedStyle(link).backgroundColor),
    ).toBe('rgb(187, 56, 8)');
    const alone = await open(paths.devMailHtml(mail?.id ?? ''), 360);
    expect(await overflow(alone)).toBeLessThanOrEqual(0);
    expect(await page.locator('iframe').first().getAttribute('sandbox')).not.toContain('allow-scripts');
  });
});
