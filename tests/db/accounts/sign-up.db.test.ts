import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { mailLinks, passwordHashes, termsAcceptances, users } from '~db/schema';
import { lookAtMailLink, openMailLink, readSignIn, signIn, signInByLink, signUp } from '~/modules/accounts/index.server';
import { TERMS_VERSION } from '~/modules/accounts/terms';
import { DAY_MS } from '~/platform/dates';
import { mailTo, tokenMailedTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const visitor = () => market.services.ctxFor({ kind: 'visitor' });
afterEach(() => expectInvariants(market));
const here = { ip: '192.0.2.1', browser: 'a-browser' };
const ines = { name: 'Ines', email: 'ines@example.com', password: 'correct horse' };
const toCookie = (setCookie: string) => setCookie.split(';')[0] ?? '';

describe('sign-up', () => {
  it('mails a link and stores neither its token nor the password', async () => {
    await signUp(visitor(), { ...ines, email: ' Ines@Example.com ' }, here);

    const [mail] = await mailTo(visitor(), ines.email);
    const token = await tokenMailedTo(visitor(), ines.email);
    expect(mail?.subject).toBe('Verify your address');
    const links = await market.services.db.select().from(mailLinks);
    expect(JSON.stringify(links)).not.toContain(token);
    const [stored] = await market.services.db.select().from(passwordHashes);
    expect(stored?.hash).toMatch(/^\$argon2id\$/);
    const [terms] = await market.services.db.select().from(termsAcceptances);
    expect(terms).toMatchObject({ version: TERMS_VERSION, occasion: 'sign_up', acceptedAt: expect.any(Date) as Date });
  });

  it('accepts the link once, and signs in the browser that requested it', async () => {
    const token = await tokenMailedTo(visitor(), ines.email);
    expect(await lookAtMailLink(visitor(), token, 'another browser')).toMatchObject({ purpose: 'verify', sameBrowser: false });
    expect(await lookAtMailLink(visitor(), token, here.browser)).toMatchObject({ sameBrowser: true });

    const both = await Promise.allSettled([
      openMailLink(visitor(), { token, browser: here.browser }),
      openMailLink(visitor(), { token, browser: here.browser }),
    ]);
    const opened = both.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(opened).toHaveLength(1);
    expect(opened[0]?.sameBrowser).toBe(true);
    expect(await lookAtMailLink(visitor(), token, here.browser)).toBeNull();

    const setCookie = await signInByLink(visitor(), opened[0]?.userId ?? 'usr_', { browser: here.browser, cookieHeader: null });
    expect(await readSignIn(visitor(), toCookie(setCookie))).toMatchObject({ kind: 'user', email: ines.email, verified: true });
  });

  it('reveals a known address by mail only, and changes nothing', async () => {
    await signUp(visitor(), { ...ines, name: 'Somebody', password: 'another password' }, here);

    const [mail] = await mailTo(visitor(), ines.email);
    expect(mail?.subject).toBe('You already have an account');
    expect(mail?.text).not.toContain('token=');
    await expect(
      signIn(visitor(), { email: ines.email, password: 'another password' }, { ...here, cookieHeader: null }),
    ).rejects.toMatchObject({ status: 422 });
    const [user] = await market.services.db.select().from(users).where(eq(users.email, ines.email));
    expect(user?.name).toBe('Ines');
  });

  it('closes the sessions of an earlier sign-up for the same unverified address', async () => {
    const email = 'victim@example.com';
    await signUp(visitor(), { name: 'Mallory', email, password: 'mallory knows this' }, { ip: null, browser: 'mallory' });
    const early = await tokenMailedTo(visitor(), email);
    const { setCookie } = await signIn(
      visitor(),
      { email, password: 'mallory knows this' },
      { ip: null, browser: null, cookieHeader: null },
    );

    market.advance(1_000);
    await signUp(visitor(), { name: 'Victim', email, password: 'only victim knows' }, { ip: null, browser: 'victim' });
    await openMailLink(visitor(), { token: await tokenMailedTo(visitor(), email), browser: 'victim' });

    expect(await lookAtMailLink(visitor(), early, 'mallory')).toBeNull();
    expect(await readSignIn(visitor(), toCookie(setCookie))).toEqual({ kind: 'visitor' });
    await expect(
      signIn(visitor(), { email, password: 'mallory knows this' }, { ip: null, browser: null, cookieHeader: null }),
    ).rejects.toMatchObject({ code: 'wrong_sign_in' });
  });

  it('makes one account from two forms sent at once', async () => {
    const twice = { name: 'Twice', email: 'twice@example.com', password: 'twice the same' };
    await Promise.all([signUp(visitor(), twice, here), signUp(visitor(), twice, here)]);
    expect(await market.services.db.select().from(users).where(eq(users.email, twice.email))).toHaveLength(1);
  });

  it('lets a link expire after 24 hours', async () => {
    await signUp(visitor(), { name: 'Late', email: 'late@example.com', password: 'always too late' }, here);
    const token = await tokenMailedTo(visitor(), 'late@example.com');
    market.advance(DAY_MS);
    await expect(openMailLink(visitor(), { token, browser: here.browser })).rejects.toMatchObject({ status: 410 });
  });

  it('sends at most five mails to one address', async () => {
    const many = { name: 'Many', email: 'many@example.com', password: 'many many mails' };
    for (let mail = 0; mail < 5; mail += 1) await signUp(visitor(), many, { ip: null, browser: null });
    await expect(signUp(visitor(), many, { ip: null, browser: null })).rejects.toMatchObject({ status: 429, code: 'too_many' });
  });
});
