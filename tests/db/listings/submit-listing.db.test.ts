import { and, eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { auditLog, listings, secrets, termsAcceptances } from '~db/schema';
import { addDays } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import { aPerson, aSeller, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

let accounts = 0;
const anAccount = () => market.replicate.control.createAccount({ username: `holder-${++accounts}`, creditUsd: '5000' });
const terms = (face = 520) => ({ faceNano: usdNano(face), discountBps: 4_500, minNano: usdNano(5), creditExpiresAt: day(100) });
const day = (days: number) => new Date(`${addDays(new Date(), days).toISOString().slice(0, 10)}T00:00:00.000Z`);
const countListings = async (seller: Person) =>
  (await market.system().db.select().from(listings).where(eq(listings.sellerId, seller.id))).length;

describe('submitting a listing', () => {
  it('checks and seals the token, and waits for review', async () => {
    const seller = await aPerson(market, 'Ora Pictures');
    const { token } = anAccount();
    const listing = await submitListing(seller.ctx(), { terms: terms(), token });

    expect(listing).toMatchObject({
      state: 'in_review',
      listedNano: usdNano(500),
      availableNano: usdNano(500),
      tailNano: usdNano(20),
      sellerName: 'Ora Pictures',
      level: 1,
    });
    expect(listing.minNano).toBe(usdNano(9.1));
    const [secret] = await market
      .system()
      .db.select()
      .from(secrets)
      .where(eq(secrets.id, listing.secretId ?? 'sec_'));
    expect(secret?.boundTo).toBe(`listings/${listing.id}`);
    expect(
      JSON.stringify({ secret, audit: await market.system().db.select().from(auditLog) }, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toContain(token);
    const accepted = and(eq(termsAcceptances.userId, seller.id), eq(termsAcceptances.occasion, 'listing'));
    expect(await market.system().db.select().from(termsAcceptances).where(accepted)).toHaveLength(1);
  });

  it('refuses a token that Replicate does not know or has revoked, and saves nothing', async () => {
    const seller = await aPerson(market);
    const { username, token } = anAccount();
    market.replicate.control.revokeToken(username);
    for (const bad of [token, `r8_${'z'.repeat(37)}`]) {
      expect(await getRefusal(submitListing(seller.ctx(), { terms: terms(), token: bad }))).toMatchObject({
        status: 422,
        detail: { field: 'token' },
      });
    }
    expect(await countListings(seller)).toBe(0);
  });

  it('allows one listing for each account, even for another seller and token', async () => {
    const [first, second] = [await aPerson(market), await aPerson(market)];
    const { username, token } = anAccount();
    await submitListing(first.ctx(), { terms: terms(), token });
    const other = market.replicate.control.issueToken(username);
    expect(await getRefusal(submitListing(second.ctx(), { terms: terms(), token: other.token }))).toMatchObject({
      status: 422,
      code: 'account_in_use',
      detail: { field: 'token' },
    });
    expect(await countListings(second)).toBe(0);
  });

  it('accepts one of ten concurrent submissions of one account', async () => {
    const seller = await aSeller(market);
    const { token } = anAccount();
    const { won, lost } = await raceMany(10, () => submitListing(seller.ctx(), { terms: terms(), token }));
    expect(won).toHaveLength(1);
    expect(lost.every((refusal) => refusal.code === 'account_in_use')).toBe(true);
  });

  it('limits new sellers to their cap over all listings, even in a race', async () => {
    const seller = await aPerson(market);
    const { won, lost } = await raceMany(3, () => submitListing(seller.ctx(), { terms: terms(620), token: anAccount().token }));
    expect(won).toHaveLength(1);
    expect(lost.map((refusal) => [refusal.code, refusal.detail.field])).toEqual([
      ['new_seller_cap', 'faceValue'],
      ['new_seller_cap', 'faceValue'],
    ]);
    expect(lost[0]?.message).toContain('$420.00 or less');
    const seasoned = await aSeller(market);
    await submitListing(seasoned.ctx(), { terms: terms(5_000), token: anAccount().token });
  });

  it('refuses terms that break the rules before it calls Replicate', async () => {
    const seller = await aPerson(market);
    const token = `r8_${'q'.repeat(37)}`;
    const refused = async (changes: Partial<ReturnType<typeof terms>>) =>
      (await getRefusal(submitListing(seller.ctx(), { terms: { ...terms(), ...changes }, token }))).detail.field;
    expect(await refused({ discountBps: 2_999 })).toBe('discount');
    expect(await refused({ discountBps: 7_001 })).toBe('discount');
    expect(await refused({ creditExpiresAt: day(2) })).toBe('expiresOn');
    expect(await refused({ creditExpiresAt: day(500) })).toBe('expiresOn');
    expect(await refused({ faceNano: usdNano(21) })).toBe('faceValue');
    expect(await refused({ minNano: usdNano(501) })).toBe('minimum');
  });

  it('says that Replicate cannot be reached, and limits how many tokens a person can try', async () => {
    const seller = await aPerson(market);
    const token = `r8_${'w'.repeat(37)}`;
    const ctx = seller.ctx();
    const cut = {
      ...ctx,
      ports: {
        ...ctx.ports,
        replicate: { getAccount: async () => Promise.resolve({ ok: false as const, reason: 'unreachable' as const }) },
      },
    };
    expect(await getRefusal(submitListing(cut, { terms: terms(), token }))).toMatchObject({ status: 503 });
    let last = 0;
    for (let tries = 0; tries < 16; tries += 1) last = (await getRefusal(submitListing(seller.ctx(), { terms: terms(), token }))).status;
    expect(last).toBe(429);
  });

  it('needs a verified address', async () => {
    const { actor } = await aPerson(market);
    const unverified = market.services.ctxFor({ ...actor, verified: false });
    expect(await getRefusal(submitListing(unverified, { terms: terms(), token: anAccount().token }))).toMatchObject({ status: 403 });
  });
});
