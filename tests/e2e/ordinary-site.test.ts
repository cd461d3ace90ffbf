import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resendVerification, signUp } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { aListing } from '~tests/factories/market';
import { mailTo, tokenMailedTo } from '~tests/factories/users';
import { testMarket } from '~tests/setup/market';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** What people expect of any site: icons, page descriptions, a contact address, and links that lead on. */
const market = testMarket();
let served: ServedMarket;
let lot: string;
beforeAll(async () => {
  served = await serveMarket(market);
  lot = paths.listing((await aListing(market)).listing.id);
});
afterAll(() => served.close());

const visitor = () => market.services.ctxFor({ kind: 'visitor' });

async function get(path: string, cookie = '') {
  const answer = await fetch(served.url + path, { redirect: 'manual', headers: { Cookie: cookie } });
  return { status: answer.status, to: answer.headers.get('Location'), type: answer.headers.get('Content-Type'), html: await answer.text() };
}

async function post(path: string, body: Record<string, string>, cookie = '') {
  const headers = { Cookie: cookie, Origin: market.services.env.publicUrl };
  const answer = await fetch(served.url + path, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(body) });
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  return { status: answer.status, to: answer.headers.get('Location'), cookie: cookies.join('; '), html: await answer.text() };
}

const publicPages = [
  paths.home(),
  paths.listings(),
  paths.howItWorks(),
  paths.gatewayDocs(),
  paths.terms(),
  paths.privacy(),
  paths.signIn(),
];

describe('every public page', () => {
  it('has its own title and description, a language, icons, a colour and a contact address', async () => {
    const pages = await Promise.all([...publicPages, paths.signUp(), lot].map((path) => get(path)));
    for (const { html } of pages) {
      expect(html).toContain('<html lang="en"');
      expect(html).toMatch(/<meta name="theme-color"[^>]*content="#131416"/);
      expect(html).toContain('rel="apple-touch-icon"');
      expect(html).toContain(`mailto:${market.services.env.contactEmail}`);
    }
    const told = pages.map(({ html }) => [/<title>([^<]+)/.exec(html)?.[1], /name="description" content="([^"]+)/.exec(html)?.[1]]);
    expect(new Set(told.map(([title]) => title)).size).toBe(pages.length);
    expect(new Set(told.map(([, description]) => description)).size).toBe(pages.length);
    expect(told.flat()).not.toContain(undefined);
  });

  it('has the icons that browsers request by default', async () => {
    for (const [path, type] of [
      ['/favicon.ico', 'image/x-icon'],
      ['/apple-touch-icon.png', 'image/png'],
      ['/robots.txt', 'text/plain'],
    ] as const) {
      const answer = await get(path);
      expect([answer.status, answer.type?.split(';')[0]], path).toEqual([200, type]);
    }
  });
});

describe('the filter form', () => {
  it('leads to a URL without empty fields, for visitors and on cached pages', async () => {
    await get(paths.listings());
    for (const cookie of ['', 'theme=x'])
      expect(await get('/listings?q=&discount=&amount=50&expires=&level=', cookie)).toMatchObject({
        status: 302,
        to: '/listings?amount=50',
      });
    expect(await get('/listings?q=&discount=')).toMatchObject({ status: 302, to: '/listings' });
    expect((await get('/listings?amount=50')).status).toBe(200);
  });
});

describe('mail', () => {
  it('names the contact address, also to a suspended person', async () => {
    await signUp(visitor(), { name: 'Mia', email: 'mia@example.com', password: 'long enough now' }, { ip: null, browser: null });
    const [mail] = await mailTo(visitor(), 'mia@example.com');
    for (const form of [mail?.text, mail?.html]) expect(form).toContain(`write to ${market.services.env.contactEmail}`);
  });
});

describe('verification of an email address', () => {
  const form = { name: 'Vera', email: 'vera@example.com', password: 'long enough now' };
  const next = '/listings?discount=40';

  it('names the address, can be mailed again and keeps the return path', async () => {
    const asked = await post(paths.signUp({ next }), form);
    expect(asked.to).toBe(paths.verify({ sent: 'sign-up', next }));
    const sent = await get(asked.to ?? '', asked.cookie);
    expect(sent.html).toContain(form.email);
    const again = await post(paths.verify({ resend: 1, next }), { email: form.email }, asked.cookie);
    expect(again.to).toBe(paths.verify({ sent: 'again', next }));
    expect((await get(again.to ?? '', again.cookie)).html).toContain('A new link is on its way');

    const token = await tokenMailedTo(visitor(), form.email);
    const opened = await fetch(served.url + paths.verify({ token, next }), { redirect: 'manual', headers: { Cookie: again.cookie } });
    expect(opened.headers.get('Location')).toBe(`${next}&verified=1`);
    const [signIn = ''] = (opened.headers.getSetCookie()[0] ?? '').split(';');
    expect((await get(`${next}&verified=1`, signIn)).html).toContain('Your address is verified');

    const used = await get(paths.verify({ token, next }));
    expect(used.status).toBe(410);
    expect(used.html).toContain('is verified');
    expect(used.html).toContain(paths.signIn({ next }));
  });

  it('says what to do next for a replaced link and for one that was never mailed', async () => {
    const email = 'two@example.com';
    await signUp(visitor(), { ...form, email }, { ip: null, browser: null });
    const first = await tokenMailedTo(visitor(), email);
    await resendVerification(visitor(), { email }, { ip: null, browser: null });
    for (const token of [first, 'a'.repeat(43)]) {
      const { status, html } = await get(paths.verify({ token, next }));
      expect(status).toBe(410);
      expect(html).toContain('resend=1');
      expect(html).toContain(paths.signIn({ next }));
    }
    expect((await get(paths.verify({ token: first }))).html).toContain(`value="${email}"`);
  });

  it('can be requested again from any page by a signed-in person', async () => {
    const email = 'three@example.com';
    await signUp(visitor(), { ...form, email }, { ip: null, browser: null });
    const { cookie } = await post(paths.signIn(), { email, password: form.password });
    const { html } = await get(lot, cookie);
    expect(html).toContain('Send the link again');
    expect(html).toContain(`resend=1&amp;next=${encodeURIComponent(lot)}`);
  });
});
