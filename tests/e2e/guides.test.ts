import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guides } from '~/content/guides.server';
import { pauseListing } from '~/modules/listings/index.server';
import { importPriceBook } from '~/modules/pricing/index.server';
import { paths } from '~/paths';
import { aListing, aSeller } from '~tests/factories/market';
import { testBrowser } from '~tests/setup/browser';
import { testMarket } from '~tests/setup/market';
import { expectAccessible } from './accessibility';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** Guides, and what search engines, feeds and shared links are given. */
const market = testMarket();
const browser = testBrowser();
let served: ServedMarket;
let lotId: string;
let goneId: string;
let origin: string;

beforeAll(async () => {
  served = await serveMarket(market);
  origin = market.services.env.publicUrl;
  await importPriceBook(market.system());
  const seller = await aSeller(market);
  lotId = (await aListing(market, { seller })).listing.id;
  const gone = (await aListing(market, { seller })).listing.id;
  await pauseListing(seller.ctx(), gone);
  goneId = gone;
});
afterAll(() => served.close());

async function get(path: string, cookie = '') {
  const answer = await fetch(served.url + path, { redirect: 'manual', headers: { Cookie: cookie } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, type: answer.headers.get('Content-Type')?.split(';')[0], bytes, text: bytes.toString() };
}

/** The blocks of JSON-LD of a page, by their type. */
function dataOf(html: string): Record<string, Record<string, unknown>> {
  const blocks = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
  return Object.fromEntries(
    blocks.map(([, json = '']) => {
      const block = JSON.parse(json) as Record<string, unknown>;
      return [String(block['@type']), block];
    }),
  );
}

const first = paths.guide('replicate-free-credits');

describe('a guide', () => {
  it('shows its text, the prices of this moment, both calculators’ results and the clause on resale', async () => {
    const { status, text } = await get(first);
    expect(status).toBe(200);
    for (const words of [
      'The programme at a glance',
      'Need more?',
      'Have unused credit?',
      '§2.7(c)(iii)',
      'black-forest-labs/flux-schnell',
    ])
      expect(text).toContain(words);
    // 1,000 images at $0.04, and at the best discount on sale.
    expect(text).toMatch(/flux-1\.1-pro.*?\$40\.00/s);
    expect(text).not.toContain('{{gateway}}');
  });

  it('tells search engines what it is: article, questions, way, canonical address and picture', async () => {
    const { text } = await get(`${first}?count=5`);
    const data = dataOf(text);
    expect(Object.keys(data).sort()).toEqual(['Article', 'BreadcrumbList', 'FAQPage']);
    expect(data['FAQPage']?.['mainEntity']).toHaveLength(guides[0]?.questions.length ?? 0);
    expect(text).toContain(`<link rel="canonical" href="${origin}${first}"/>`);
    expect(text).toContain(`content="${origin}${paths.pictureOfGuide('replicate-free-credits')}"`);
  });

  it.each([
    ['count', '0', 'Enter a whole number'],
    ['count', 'many', 'Enter a whole number'],
    ['count', '10000001', 'Enter a whole number'],
  ])('refuses %s=%s beside its field and keeps what was typed', async (name, value, sentence) => {
    const { status, text } = await get(`${first}?${name}=${value}`);
    expect([status, text.includes(sentence), text.includes(`value="${value}"`)]).toEqual([422, true, true]);
  });

  it('estimates what a seller earns, and refuses a discount that the market does not take', async () => {
    const at = (query: string) => get(`${paths.guide('sell-surplus-credit')}?${query}`);
    // $1,000.00 less the $20.00 that stay, at 40 % off: $588.00, less a fee of 10 %.
    expect((await at('credit=1000&discount=40')).text).toContain('$529.20');
    const refused = await at('credit=1000&discount=80');
    expect([refused.status, refused.text.includes('discounts of 30 to 70')]).toEqual([422, true]);
    expect((await at('credit=lots&discount=40')).text).toContain('Enter an amount in dollars');
  });

  it('of an unknown address is 404 and suggests those that resemble it', async () => {
    const { status, text } = await get(paths.guide('replicate-rate-limit'));
    expect(status).toBe(404);
    expect(text).toContain(paths.guide('replicate-rate-limits'));
    expect(text).toContain('content="noindex"');
  });

  it('can be had as Markdown, by feed and with its workflows', async () => {
    const markdown = await get(paths.guideMarkdown('n8n-workflow'));
    expect([markdown.type, markdown.text.includes('](/'), markdown.text.includes('::')]).toEqual(['text/markdown', false, false]);
    const feed = await get(paths.guidesFeed());
    expect([feed.type, feed.text.match(/<item>/g)?.length]).toEqual(['application/rss+xml', guides.length]);
    const file = await get(paths.guideFile('n8n-run-a-model.json'));
    expect(file.text).toContain(`${origin}/gateway/replicate/v1`);
  });

  it('has an example that reads the list of lots as it says', async () => {
    const { markdown = '' } = guides.find(({ slug }) => slug === 'n8n-workflow') ?? {};
    const code = /^```js run\n(.*?)^```/ms.exec(markdown)?.[1] ?? '';
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      code.replaceAll('{{market}}', served.url),
    ]);
    expect(stdout).toMatch(/lots on sale\n$/);
    expect(stdout).toContain(paths.listing(lotId));
  });

  it('is as good on a phone, in the dark and by screen reader, without scripts', async () => {
    const page = await browser.open({ javaScriptEnabled: true });
    for (const path of [paths.guides(), ...guides.map(({ slug }) => paths.guide(slug)), paths.guide('no-such-guide')]) {
      await page.goto(served.url + path);
      await expectAccessible(page);
    }
  });
});

describe('search engines', () => {
  it('are led to the map by robots.txt, and from it to pages, guides and lots on sale alone', async () => {
    expect((await get(paths.robots())).text).toContain(`Sitemap: ${origin}${paths.sitemap()}`);
    const map = await get(paths.sitemap());
    const parts = [...map.text.matchAll(/<loc>([^<]+)/g)].map(([, loc = '']) => loc.replace(origin, ''));
    expect(parts[0]).toBe(paths.sitemapPart('pages'));
    const texts = await Promise.all(parts.map(async (part) => (await get(part)).text));
    const all = texts.join('');
    for (const path of [paths.home(), first, paths.listing(lotId)]) expect(all).toContain(`<loc>${origin}${path}</loc>`);
    expect(all).not.toContain(goneId);
    expect((await get(paths.sitemapPart('other'))).status).toBe(404);
  });

  it('read a lot on sale as a product with an offer', async () => {
    const { text } = await get(paths.listing(lotId));
    const product = dataOf(text)['Product'];
    expect(product?.['offers']).toMatchObject({ priceCurrency: 'USD', availability: 'https://schema.org/InStock' });
    expect(text).not.toContain('content="noindex"');
  });

  it('forget a lot that is not on sale, whose page offers similar ones', async () => {
    const { status, text } = await get(paths.listing(goneId));
    expect([status, text.includes('content="noindex"'), dataOf(text)['Product']]).toEqual([200, true, undefined]);
    expect(text).toContain('Similar lots on sale');
    expect(text).toContain(paths.listing(lotId));
  });
});

describe('pictures for shared links', () => {
  it.each([
    ['the market', () => paths.pictureOfMarket()],
    ['a guide', () => paths.pictureOfGuide('replicate-free-credits')],
    ['a lot', () => paths.pictureOfLot(lotId)],
    ['a lot that is not on sale', () => paths.pictureOfLot(goneId)],
  ])('of %s are PNG files of 1200 × 630', async (_what, path) => {
    const { status, type, bytes } = await get(path());
    expect([status, type]).toEqual([200, 'image/png']);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
  });
});

describe('language models', () => {
  it('are told where the texts stand, and each of them is there', async () => {
    const { text } = await get(paths.llms());
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, url = '']) => url.replace(origin, ''));
    expect(links.length).toBeGreaterThan(guides.length);
    for (const link of links) expect((await get(link)).status, link).toBe(200);
    expect((await get(paths.gatewayDocsMarkdown())).text).toContain('| black-forest-labs/flux-schnell |');
  });
});
