import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { knownBrowsers } from '~db/schema';
import { lookAtMailLink, requestReset, resetPassword, signIn, signUp } from '~/modules/accounts/index.server';
import { aUser, mailTo, tokenMailedTo, type TestUser } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const visitor = () => market.services.ctxFor({ kind: 'visitor' });
afterEach(() => expectInvariants(market));

const from = (ip: string, browser: string | null = null) => ({ ip, browser, cookieHeader: null });
const stranger = from('203.0.113.66');
const owner = from('192.0.2.10', 'the browser of the owner');
const wrong = (user: TestUser, place: ReturnType<typeof from>) =>
  signIn(visitor(), { email: user.email, password: 'a stranger guesses' }, place);

async function guess(user: TestUser, times: number, place: (nth: number) => ReturnType<typeof from>): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) await wrong(user, place(nth)).catch(() => undefined);
}

describe('a stranger who guesses passwords', () => {
  it('blocks only their own network: the owner signs in from another', async () => {
    const user = await aUser(visitor());
    await guess(user, 11, () => stranger);

    await expect(signIn(visitor(), user, stranger)).rejects.toMatchObject({ status: 429 });
    expect((await signIn(visitor(), user, from('192.0.2.10'))).userId).toBe(user.userId);
  });

  it('is counted for the whole IPv6 /64 network', async () => {
    const user = await aUser(visitor());
    await guess(user, 11, (nth) => from(`2001:db8:1:2::${nth + 1}`));

    await expect(signIn(visitor(), user, from('2001:db8:1:2:ffff::9'))).rejects.toMatchObject({ status: 429 });
    expect((await signIn(visitor(), user, from('2001:db8:1:3::1'))).userId).toBe(user.userId);
  });

  it('cannot lock out a browser that signed in before, from the same network or from a hundred others', async () => {
    const user = await aUser(visitor());
    await signIn(visitor(), user, owner);
    await guess(user, 11, () => from(owner.ip));
    await guess(user, 110, (nth) => from(`198.51.${nth}.1`));

    await expect(signIn(visitor(), user, from('192.0.2.99', 'a new browser'))).rejects.toMatchObject({
      status: 429,
      message: expect.stringMatching(/browser that you used before, or choose a new password/) as string,
    });
    expect((await signIn(visitor(), user, owner)).userId).toBe(user.userId);
  });

  it('is limited in a known browser too, and a browser is known for one account only', async () => {
    const [one, other] = [await aUser(visitor()), await aUser(visitor())];
    await signIn(visitor(), one, owner);
    await guess(one, 11, () => owner);
    await expect(signIn(visitor(), one, owner)).rejects.toMatchObject({ status: 429 });

    await guess(other, 11, () => from(owner.ip));
    await expect(signIn(visitor(), other, owner)).rejects.toMatchObject({ status: 429 });
  });

  it('is recognized by a browser token stored as a hash only', async () => {
    const user = await aUser(visitor());
    await signIn(visitor(), user, owner);
    const rows = await market.services.db.select().from(knownBrowsers).where(eq(knownBrowsers.userId, user.userId));
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(owner.browser);
  });

  it('is reported to the owner once a day, if the account is verified', async () => {
    const user = await aUser(visitor());
    const warnings = async (email: string) =>
      (await mailTo(visitor(), email)).filter(({ kind }) => kind === 'account.many_wrong_passwords').length;
    await guess(user, 9, (nth) => from(`198.18.${nth}.1`));
    expect(await warnings(user.email)).toBe(0);
    await guess(user, 20, (nth) => from(`198.19.${nth}.1`));
    expect(await warnings(user.email)).toBe(1);

    const unverified = { name: 'Vera', email: 'vera@example.com', password: 'never verified it' };
    await signUp(visitor(), unverified, stranger);
    for (let nth = 0; nth < 20; nth += 1)
      await signIn(visitor(), { ...unverified, password: 'a stranger guesses' }, from(`198.20.${nth}.1`)).catch(() => undefined);
    expect(await warnings(unverified.email)).toBe(0);
  });

  it('cannot stop the owner from resetting the password, after which the owner’s browser is known', async () => {
    const user = await aUser(visitor());
    await guess(user, 110, (nth) => from(`198.21.${nth}.1`));
    const fresh = from('192.0.2.77', 'the new browser of the owner');
    await requestReset(visitor(), { email: user.email }, fresh);
    await resetPassword(visitor(), { token: await tokenMailedTo(visitor(), user.email), password: 'a wholly new one' }, fresh);

    expect((await signIn(visitor(), { email: user.email, password: 'a wholly new one' }, fresh)).userId).toBe(user.userId);
    const known = await market.services.db.select().from(knownBrowsers).where(eq(knownBrowsers.userId, user.userId));
    expect(known).toHaveLength(1);
  });
});

describe('a stranger who asks for mail to another address', () => {
  it('can neither use up the owner’s reset requests nor end the link that the owner asked for', async () => {
    const user = await aUser(visitor());
    await requestReset(visitor(), { email: user.email }, owner);
    const token = await tokenMailedTo(visitor(), user.email);
    for (let nth = 0; nth < 7; nth += 1) await requestReset(visitor(), { email: user.email }, stranger).catch(() => undefined);

    await expect(requestReset(visitor(), { email: user.email }, stranger)).rejects.toMatchObject({ status: 429 });
    market.advance(1_000);
    await requestReset(visitor(), { email: user.email }, owner);
    const second = await tokenMailedTo(visitor(), user.email);
    expect(await lookAtMailLink(visitor(), token, null)).toMatchObject({ purpose: 'reset' });
    await resetPassword(visitor(), { token, password: 'a wholly new one' }, owner);
    expect(await lookAtMailLink(visitor(), second, null)).toBeNull();
  });

  it('cannot flood a mailbox from many networks, while a known browser still gets its link', async () => {
    const user = await aUser(visitor());
    await signIn(visitor(), user, owner);
    for (let nth = 0; nth < 30; nth += 1) await requestReset(visitor(), { email: user.email }, from(`198.51.${nth}.1`));
    const links = async () => (await mailTo(visitor(), user.email)).filter(({ kind }) => kind === 'account.reset').length;
    expect(await links()).toBe(20);
    await requestReset(visitor(), { email: user.email }, owner);
    expect(await links()).toBe(21);
  });

  it('cannot use up another person’s sign-up attempts, nor flood that mailbox', async () => {
    const email = 'new-here@example.com';
    const form = { name: 'Somebody', email, password: 'a stranger types it' };
    for (let nth = 0; nth < 6; nth += 1) await signUp(visitor(), form, stranger).catch(() => undefined);
    await signUp(visitor(), { ...form, password: 'the owner types it' }, owner);
    expect(await mailTo(visitor(), email)).toHaveLength(6);

    for (let nth = 0; nth < 30; nth += 1) await signUp(visitor(), form, from(`198.51.${nth}.1`)).catch(() => undefined);
    expect(await mailTo(visitor(), email)).toHaveLength(20);
  });
});
