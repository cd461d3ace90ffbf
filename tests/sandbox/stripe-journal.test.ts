import { appendFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { stripeClient, closeAll, receiver, sessionParams, start, temporaryJournal, whsec } from './stripe-fixture';

afterEach(closeAll);

describe('the journal', () => {
  it('restores everything after a restart, except a last line cut off by a crash', async () => {
    const journalPath = temporaryJournal();
    const before = await start({ journalPath });
    const client = stripeClient(before);
    const session = await client.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
    before.control.paySession(session.id);
    const open = await client.checkout.sessions.create(sessionParams());
    before.control.advanceClock(60_000);
    await before.close();
    appendFileSync(journalPath, '{"put":[["charge",{"id":"ch_to');

    const after = await start({ journalPath });
    const later = stripeClient(after);
    expect((await later.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
    expect((await later.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })).id).toBe(session.id);
    expect((await later.charges.list()).data).toHaveLength(1);
    expect((await later.events.list()).data).toHaveLength(4);
    expect((await later.checkout.sessions.retrieve(open.id)).url).toBe(`${after.url}/c/pay/${open.id}`);
    expect(after.control.now().getTime() - Date.now()).toBeGreaterThan(59_000);
    const fresh = await later.checkout.sessions.create(sessionParams());
    expect([session.id, open.id]).not.toContain(fresh.id);
    await after.close();
    expect((await stripeClient(await start({ journalPath })).checkout.sessions.list()).data).toHaveLength(3);
  });

  it('continues with webhooks that were not delivered', async () => {
    const journalPath = temporaryJournal();
    const hook = await receiver();
    const webhooks = [{ url: hook.url, secret: whsec }];
    const before = await start({ journalPath, webhooks });
    before.control.pauseDeliveries();
    await stripeClient(before).checkout.sessions.expire((await stripeClient(before).checkout.sessions.create(sessionParams())).id);
    await before.close();
    const after = await start({ journalPath, webhooks });
    await after.control.deliveriesSettled();
    expect(hook.received).toHaveLength(1);
  });
});
