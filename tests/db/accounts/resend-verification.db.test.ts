import { afterEach, describe, expect, it } from 'vitest';
import { lookAtDeadLink, lookAtMailLink, openMailLink, resendVerification, signUp } from '~/modules/accounts/index.server';
import { DAY_MS } from '~/platform/dates';
import { mailTo, tokenMailedTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { race, getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));
const visitor = () => market.services.ctxFor({ kind: 'visitor' });
const from = { ip: '192.0.2.7', browser: 'a-browser' };
const subjects = async (email: string) => (await mailTo(visitor(), email)).map((mail) => mail.subject);

async function signedUp(name: string) {
  const email = `${name}@example.com`;
  await signUp(visitor(), { name, email, password: `long enough, ${name}`, next: '/listings?discount=40' }, from);
  return { email, token: await tokenMailedTo(visitor(), email) };
}

describe('a repeated verification mail', () => {
  it('holds a new link with the return path, and the first link says that it was replaced', async () => {
    const { email, token } = await signedUp('ines');
    await resendVerification(visitor(), { email, next: '/listings?discount=40' }, from);
    const again = await tokenMailedTo(visitor(), email);
    expect((await mailTo(visitor(), email))[0]?.text).toContain(`/verify?token=${again}&next=%2Flistings%3Fdiscount%3D40`);
    expect(await lookAtMailLink(visitor(), token, from.browser)).toBeNull();
    expect(await lookAtDeadLink(visitor(), token)).toEqual({ email, verified: false });

    await openMailLink(visitor(), { token: again, browser: from.browser });
    for (const dead of [token, again]) expect(await lookAtDeadLink(visitor(), dead)).toEqual({ email, verified: true });
  });

  it('is sent after the first link expired, and one link works after two requests at once', async () => {
    const { email } = await signedUp('late');
    market.advance(DAY_MS);
    await race([1, 2].map(() => resendVerification(visitor(), { email }, from)));
    // Which of the two came last is not told by their times, so both links are tried.
    const tokens = (await mailTo(visitor(), email)).slice(0, 2).map(({ text }) => /[?&]token=([\w-]+)/.exec(text)?.[1] ?? '');
    const links = await Promise.all(tokens.map((token) => lookAtMailLink(visitor(), token, from.browser)));
    expect(links.filter((link) => link !== null)).toMatchObject([{ purpose: 'verify', email }]);
  });

  it('gets the same answer for a verified and an unknown address; only the mail tells the difference', async () => {
    const { email, token } = await signedUp('known');
    await openMailLink(visitor(), { token, browser: null });
    await resendVerification(visitor(), { email }, from);
    await resendVerification(visitor(), { email: 'nobody@example.com' }, from);
    expect((await subjects(email))[0]).toBe('You already have an account');
    expect(await subjects('nobody@example.com')).toEqual(['There is no account with this address']);
  });

  it('is sent at most five times an hour, and returns to our site only', async () => {
    const { email } = await signedUp('many');
    for (let mail = 0; mail < 4; mail += 1) await resendVerification(visitor(), { email, next: '//evil.example' }, from);
    expect((await mailTo(visitor(), email))[0]?.text).not.toContain('evil');
    expect(await getRefusal(resendVerification(visitor(), { email }, from))).toMatchObject({ status: 429 });
  });

  it('is not offered for a link that we never mailed', async () => {
    for (const token of ['a'.repeat(43), 'short', '']) expect(await lookAtDeadLink(visitor(), token)).toBeNull();
  });
});
