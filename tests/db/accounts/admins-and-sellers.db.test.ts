import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { auditLog, mailOutbox, users } from '~db/schema';
import {
  acceptInvitation,
  addSellerBurn,
  addSellerFailure,
  changeSettings,
  claimProviderAccount,
  freeProviderAccount,
  promoteAdmin,
  lockSellerProfile,
} from '~/modules/accounts/index.server';
import { sendMail } from '~/modules/notifications/index.server';
import { atomic } from '~/platform/context';
import { newId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { aUser, mailTo, tokenMailedTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const visitor = () => market.services.ctxFor({ kind: 'visitor' });
afterEach(() => expectInvariants(market));

describe('admins', () => {
  it('are appointed from verified users by the operator only', async () => {
    const user = await aUser(visitor());
    await expect(promoteAdmin(market.services.ctxFor(user.actor), { email: user.email })).rejects.toMatchObject({ status: 404 });
    expect(await promoteAdmin(market.system(), { email: user.email })).toBe('promoted');
    expect(await promoteAdmin(market.system(), { email: user.email })).toBe('already');
    const [row] = await market.services.db.select().from(users).where(eq(users.id, user.userId));
    expect(row?.role).toBe('admin');
    expect(await market.services.db.select().from(auditLog).where(eq(auditLog.action, 'user.promoted'))).toHaveLength(1);
  });

  it('are invited once if the address has no account', async () => {
    expect(await promoteAdmin(market.system(), { email: 'ops@example.com' })).toBe('invited');
    const token = await tokenMailedTo(visitor(), 'ops@example.com');
    const userId = await acceptInvitation(visitor(), { token, name: 'Ops', password: 'long enough now' });
    const [row] = await market.services.db.select().from(users).where(eq(users.id, userId));
    expect(row).toMatchObject({ role: 'admin', email: 'ops@example.com', verifiedAt: expect.any(Date) as Date });
    await expect(acceptInvitation(visitor(), { token, name: 'Again', password: 'long enough now' })).rejects.toMatchObject({ status: 410 });
  });
});

describe('sellers', () => {
  it('become seasoned after enough burns, and start again after a failure', async () => {
    const { userId } = await aUser(visitor());
    expect((await atomic(market.system(), (tx) => addSellerBurn(tx, userId, usdNano(499.99)))).seasonedAt).toBeNull();
    const seasoned = await atomic(market.system(), (tx) => addSellerBurn(tx, userId, usdNano(0.01)));
    expect(seasoned).toMatchObject({ burnedNano: usdNano(500), seasonedAt: expect.any(Date) as Date });
    await atomic(market.system(), (tx) => addSellerFailure(tx, userId));
    expect(await atomic(market.system(), (tx) => lockSellerProfile(tx, userId))).toMatchObject({
      burnedNano: 0n,
      failedLots: 1,
      seasonedAt: null,
    });
  });

  it('choose the name that buyers see', async () => {
    const user = await aUser(visitor());
    await changeSettings(market.services.ctxFor(user.actor), { name: 'Real Name', publicName: 'Tallwind' });
    expect((await atomic(market.system(), (tx) => lockSellerProfile(tx, user.userId))).publicName).toBe('Tallwind');
    await expect(changeSettings(visitor(), { name: 'A', publicName: 'B' })).rejects.toMatchObject({ status: 401 });
  });

  it('can list a provider account once; a second seller is refused', async () => {
    const [one, other] = [await aUser(visitor()), await aUser(visitor())];
    const [first, second] = [newId('listing', new Date()), newId('listing', new Date())];
    const claim = (sellerId: typeof one.userId, listingId: typeof first) =>
      atomic(market.system(), (tx) =>
        claimProviderAccount(tx, { sellerId, provider: 'replicate', account: { type: 'user', username: 'Acme' }, listingId }),
      );

    const results = await Promise.allSettled([claim(one.userId, first), claim(other.userId, second)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'account_in_use', status: 422 } });

    await atomic(market.system(), async (tx) => {
      await freeProviderAccount(tx, first);
      await freeProviderAccount(tx, second);
    });
    await claim(other.userId, second);
    await claim(other.userId, second);
  });
});

describe('the outbox', () => {
  it('sends a mail once and records a failure', async () => {
    const user = await aUser(visitor());
    const [mail] = await mailTo(visitor(), user.email);
    if (!mail) throw new Error('A mail was queued.');
    const sent: string[] = [];
    const withMail = (send: () => Promise<void>) => ({ ...market.system(), ports: { ...market.system().ports, mail: { send } } });

    await expect(
      sendMail(
        withMail(() => Promise.reject(new Error('421 busy'))),
        { mailIds: [mail.id] },
      ),
    ).rejects.toThrow('421 busy');
    const [failed] = await market.services.db.select().from(mailOutbox).where(eq(mailOutbox.id, mail.id));
    expect(failed).toMatchObject({ failure: '421 busy', sentAt: null });

    const once = withMail(() => Promise.resolve(void sent.push(mail.id)));
    await sendMail(once, { mailIds: [mail.id] });
    await sendMail(once, { mailIds: [mail.id] });
    expect(sent).toEqual([mail.id]);
  });

  it('sends the other mails of a job when one fails, and retries that one', async () => {
    const people = [await aUser(visitor()), await aUser(visitor())];
    const outbox = await Promise.all(people.map(({ email }) => mailTo(visitor(), email)));
    const mails = outbox.flatMap(([mail]) => (mail ? [mail.id] : []));
    const sent: string[] = [];
    const busyFor =
      (busy: string | undefined) =>
      async ({ to }: { to: string }) => {
        if (to === busy) throw new Error('450 busy');
        sent.push(to);
        return Promise.resolve();
      };
    const withMail = (send: (mail: { to: string }) => Promise<void>) => ({
      ...market.system(),
      ports: { ...market.system().ports, mail: { send } },
    });
    await expect(sendMail(withMail(busyFor(people[0]?.email)), { mailIds: mails })).rejects.toThrow('450 busy');
    expect(sent).toEqual([people[1]?.email]);
    await sendMail(withMail(busyFor(undefined)), { mailIds: mails });
    expect(sent).toEqual([people[1]?.email, people[0]?.email]);
  });
});
