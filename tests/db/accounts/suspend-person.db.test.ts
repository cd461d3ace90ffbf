import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { auditLog, grants } from '~db/schema';
import { readSignIn, startSignIn } from '~/modules/accounts/index.server';
import { findBuyerByKey, mintAccessKey } from '~/modules/metering/index.server';
import { reinstatePerson, suspendPerson } from '~/workflows/people/suspend-person.server';
import { anAdmin, mailsTo, type Person } from '~tests/factories/market';
import { aWallet, getUserId } from '~tests/factories/runs';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { getRefusal } from '~tests/setup/race';

const market = testMarket();
let admin: Person;
beforeAll(async () => {
  admin = await anAdmin(market);
});
afterEach(() => expectInvariants(market));

it('a suspended person has no session and no key; purchases stay, and keys are made anew after reinstatement', async () => {
  const { buyer, key } = await aWallet(market, { usd: 10 });
  const userId = getUserId(buyer);
  const cookie = await startSignIn(buyer, userId, null);
  const before = await market.services.db.select().from(grants).where(eq(grants.buyerId, userId));

  await suspendPerson(admin.ctx(), { userId, reason: 'Stolen cards.' });
  expect(await findBuyerByKey(market.system(), key)).toBeNull();
  expect(await readSignIn(market.system(), cookie)).toEqual({ kind: 'visitor' });
  expect(await market.services.db.select().from(grants).where(eq(grants.buyerId, userId))).toEqual(before);

  await reinstatePerson(admin.ctx(), { userId, reason: 'A mistake.' });
  expect(await findBuyerByKey(market.system(), key)).toBeNull();
  const again = await mintAccessKey(buyer, { name: 'again', cap: '' });
  expect(await findBuyerByKey(market.system(), again.text ?? '')).toMatchObject({ buyerId: userId });

  const records = await market.services.db.select().from(auditLog).where(eq(auditLog.subject, userId));
  expect(records.map(({ action, facts }) => [action, facts.reason])).toEqual(
    expect.arrayContaining([
      ['user.suspended', 'Stolen cards.'],
      ['user.reinstated', 'A mistake.'],
    ]),
  );
  const kinds = buyer.actor.kind === 'user' ? await mailsTo(market, buyer.actor.email) : [];
  expect(kinds).toEqual(expect.arrayContaining(['account.suspended', 'account.reinstated']));
});

it('a refused suspension stops no key', async () => {
  const { buyer, key } = await aWallet(market, { usd: 10 });
  const userId = getUserId(buyer);
  expect((await getRefusal(suspendPerson(buyer, { userId, reason: 'x' }))).status).toBe(404);
  expect((await getRefusal(suspendPerson(admin.ctx(), { userId: admin.id, reason: 'x' }))).status).toBe(422);
  expect((await getRefusal(reinstatePerson(admin.ctx(), { userId, reason: 'x' }))).status).toBe(409);
  expect(await findBuyerByKey(market.system(), key)).not.toBeNull();
});
