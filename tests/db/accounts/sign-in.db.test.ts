import { afterEach, describe, expect, it } from 'vitest';
import { signInSessions } from '~db/schema';
import { endSignIn, readSignIn, reinstateUser, requestReset, resetPassword, signIn, suspendUser } from '~/modules/accounts/index.server';
import { HOUR_MS } from '~/platform/dates';
import { aUser, anAdmin, mailTo, tokenMailedTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const visitor = () => market.services.ctxFor({ kind: 'visitor' });
afterEach(() => expectInvariants(market));
const nowhere = { ip: null, browser: null, cookieHeader: null };
const toCookie = (setCookie: string) => setCookie.split(';')[0] ?? '';

describe('sign-in', () => {
  it('stores only a hash of the session, in a cookie that scripts cannot read', async () => {
    const user = await aUser(visitor());
    const { setCookie } = await signIn(visitor(), user, nowhere);

    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Lax/);
    const value = toCookie(setCookie).split('=')[1] ?? '';
    expect(JSON.stringify(await market.services.db.select().from(signInSessions))).not.toContain(value);
    expect(await readSignIn(visitor(), toCookie(setCookie))).toMatchObject({ kind: 'user', userId: user.userId });
    expect(await readSignIn(visitor(), 'sign_in=forged')).toEqual({ kind: 'visitor' });
  });

  it('gives a new session id each time and ends the former session', async () => {
    const user = await aUser(visitor());
    const first = toCookie((await signIn(visitor(), user, nowhere)).setCookie);
    const second = toCookie((await signIn(visitor(), user, { ...nowhere, cookieHeader: first })).setCookie);

    expect(second).not.toBe(first);
    expect(await readSignIn(visitor(), first)).toEqual({ kind: 'visitor' });
    await endSignIn(visitor(), second);
    expect(await readSignIn(visitor(), second)).toEqual({ kind: 'visitor' });
  });

  it('answers the same for an unknown address and a wrong password', async () => {
    const user = await aUser(visitor());
    const wrong = signIn(visitor(), { email: user.email, password: 'not this one' }, nowhere);
    const unknown = signIn(visitor(), { email: 'nobody@example.com', password: 'not this one' }, nowhere);
    const [a, b] = await Promise.allSettled([wrong, unknown]);
    expect(a).toEqual(b);
    expect(a).toMatchObject({ status: 'rejected', reason: { code: 'wrong_sign_in', status: 422 } });
  });

  it('locks a suspended person out at once, and says so only if the password is right', async () => {
    const admin = await anAdmin(visitor());
    const user = await aUser(visitor());
    const cookie = toCookie((await signIn(visitor(), user, nowhere)).setCookie);

    await suspendUser(market.services.ctxFor(admin.actor), { userId: user.userId, reason: 'stolen cards' });
    expect(await readSignIn(visitor(), cookie)).toEqual({ kind: 'visitor' });
    await expect(signIn(visitor(), user, nowhere)).rejects.toMatchObject({ code: 'suspended', status: 403 });
    await expect(signIn(visitor(), { ...user, password: 'a guess at it' }, nowhere)).rejects.toMatchObject({ code: 'wrong_sign_in' });

    await reinstateUser(market.services.ctxFor(admin.actor), { userId: user.userId, reason: 'a mistake' });
    await signIn(visitor(), user, nowhere);
  });

  it('is not ended when a person who is no admin asks to suspend its user: 404', async () => {
    const [one, other] = [await aUser(visitor()), await aUser(visitor())];
    await expect(suspendUser(market.services.ctxFor(one.actor), { userId: other.userId, reason: 'no reason' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('blocks after ten attempts, right or wrong', async () => {
    const user = await aUser(visitor());
    for (let guess = 0; guess < 10; guess += 1) {
      await expect(signIn(visitor(), { email: user.email, password: `guess ${guess}` }, nowhere)).rejects.toMatchObject({ status: 422 });
    }
    await expect(signIn(visitor(), user, nowhere)).rejects.toMatchObject({
      status: 429,
      message: expect.stringMatching(/Try again in 15 minutes/) as string,
    });
  });

  it('is refused while attempts cannot be counted', async () => {
    const user = await aUser(visitor());
    await market.asOwner('alter table rate_limits rename to rate_limits_gone');
    try {
      await expect(signIn(visitor(), user, nowhere)).rejects.toMatchObject({ status: 503, code: 'limits_unavailable' });
    } finally {
      await market.asOwner('alter table rate_limits_gone rename to rate_limits');
    }
  });
});

describe('a password reset', () => {
  it('changes the password once and ends every sign-in session', async () => {
    const user = await aUser(visitor());
    const cookie = toCookie((await signIn(visitor(), user, nowhere)).setCookie);
    await requestReset(visitor(), { email: user.email }, nowhere);
    const token = await tokenMailedTo(visitor(), user.email);

    market.advance(1_000);
    await resetPassword(visitor(), { token, password: 'a wholly new one' }, nowhere);
    await expect(resetPassword(visitor(), { token, password: 'yet another one' }, nowhere)).rejects.toMatchObject({ status: 410 });
    expect(await readSignIn(visitor(), cookie)).toEqual({ kind: 'visitor' });
    await expect(signIn(visitor(), user, nowhere)).rejects.toMatchObject({ status: 422 });
    await signIn(visitor(), { email: user.email, password: 'a wholly new one' }, nowhere);
    expect((await mailTo(visitor(), user.email))[0]?.subject).toBe('Your password was changed');
  });

  it('tells an unknown address by mail that it has no account', async () => {
    await requestReset(visitor(), { email: 'stranger@example.com' }, nowhere);
    const [mail] = await mailTo(visitor(), 'stranger@example.com');
    expect(mail?.subject).toBe('There is no account with this address');
    expect(mail?.text).not.toContain('token=');
  });

  it('expires after an hour', async () => {
    const user = await aUser(visitor());
    await requestReset(visitor(), { email: user.email }, nowhere);
    const token = await tokenMailedTo(visitor(), user.email);
    market.advance(HOUR_MS);
    await expect(resetPassword(visitor(), { token, password: 'a wholly new one' }, nowhere)).rejects.toMatchObject({ status: 410 });
  });
});
