import { randomBytes } from 'node:crypto';
import { eq, inArray, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessKeys, grants, listings, secrets } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { destroySecret, fingerprint, openSecret, rotateSecrets, seal, secretsByKey, vaultKeysFrom } from '~/modules/vault/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { idToUuid, type SecretId } from '~/platform/ids';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let admin: Person;
let buyer: Person;
let listingId: Awaited<ReturnType<typeof aListing>>['listing']['id'];

beforeAll(async () => {
  admin = await anAdmin(market);
  const { listing } = await aListing(market, { admin, onSale: 200 });
  listingId = listing.id;
  buyer = await aPerson(market);
  await aPurchase(market, buyer, listing, 50);
  await ensureAccessKey(buyer.ctx());
});

const next = { id: 'k2', key: randomBytes(32) };
const oldKey = () => {
  const { current, keys } = market.system().ports.vaultKeys;
  return { id: current, key: keys.get(current) ?? Buffer.alloc(0) };
};
/** The market as a process with these VAULT_KEYS sees it. */
const withKeys = (...keys: Parameters<typeof vaultKeysFrom>[0]): Ctx => {
  const ctx = market.system();
  return { ...ctx, ports: { ...ctx.ports, vaultKeys: vaultKeysFrom(keys) } };
};
const texts = Array.from({ length: 12 }, (_, index) => `r8_${String(index).padStart(37, 'x')}`);
const sealAll = () =>
  Promise.all(texts.map((plaintext, index) => atomic(market.system(), (tx) => seal(tx, { plaintext, boundTo: `listings/${index}` }))));
const openAll = (ctx: Ctx, ids: SecretId[]) =>
  Promise.all(ids.map((secretId, index) => openSecret(ctx, { secretId, boundTo: `listings/${index}` })));
const under = async (ctx: Ctx) => Object.fromEntries((await secretsByKey(ctx)).map(({ keyId, secrets: count }) => [keyId, count]));

describe('rotating the vault’s keys', () => {
  it('can be interrupted and started again; both keys work meanwhile, and then the old one can be removed', async () => {
    const ids = await sealAll();
    const both = withKeys(next, oldKey());
    const started = await under(both);
    const cut = await rotateSecrets(both, { batch: 5, onBatch: () => false });
    expect(cut).toEqual({ sealed: 5, overtaken: 0, failed: 0 });
    expect(await under(both)).toEqual({ k1: (started.k1 ?? 0) - 5, k2: 5 });
    expect(await openAll(both, ids)).toEqual(texts);
    // A process with both keys in the other order, not yet restarted, opens both, too.
    expect(await openAll(withKeys(oldKey(), next), ids)).toEqual(texts);

    const rest = await rotateSecrets(both, { batch: 5 });
    expect(rest.sealed).toBe((started.k1 ?? 0) - 5);
    expect(Object.keys(await under(both))).toEqual(['k2']);
    const after = withKeys(next);
    expect(await openAll(after, ids)).toEqual(texts);
    const rows = await after.db.select().from(secrets).where(inArray(secrets.id, ids));
    expect(rows.map((row) => row.fingerprint).sort()).toEqual(texts.map((text) => fingerprint(after, text)).sort());
    await expectInvariants(market);
  });

  it('includes the tokens of lots and the access keys that buyers have not saved', async () => {
    const after = withKeys(next);
    const [lot] = await after.db.select().from(listings).where(eq(listings.id, listingId));
    const [grant] = await after.db.select().from(grants).where(eq(grants.buyerId, buyer.id));
    expect(lot?.secretId).toBe(grant?.secretId);
    if (!grant) throw new Error('The purchase has no grant.');
    expect(await openSecret(after, { secretId: grant.secretId, boundTo: `listings/${listingId}` })).toMatch(/^r8_/);
    const [key] = await after.db.select().from(accessKeys).where(eq(accessKeys.buyerId, buyer.id));
    if (!key?.secretId) throw new Error('The buyer has no key to see.');
    expect(await openSecret(after, { secretId: key.secretId, boundTo: `access_keys/${key.id}` })).toMatch(/^cmk_/);
  });

  it('never restores a secret that was replaced or destroyed meanwhile, and reports it', async () => {
    const ids = await sealAll();
    const [replaced, destroyed] = ids as [SecretId, SecretId];
    const both = withKeys(next, oldKey());
    const rotation = await market.system().db.transaction(async (tx) => {
      await tx.update(secrets).set({ ciphertext: 'bmV3', keyId: 'k2' }).where(eq(secrets.id, replaced));
      await destroySecret({ ...market.system(), db: tx, inAtomic: true }, destroyed);
      // It has read both old secrets and now waits to write over them.
      const under = { rotation: rotateSecrets(both) };
      await somebodyWaits();
      return under;
    });
    expect(await rotation.rotation).toEqual({ sealed: ids.length - 2, overtaken: 2, failed: 0 });
    const rows = await both.db
      .select()
      .from(secrets)
      .where(inArray(secrets.id, [replaced, destroyed]));
    expect(new Map(rows.map((row) => [row.id, row.ciphertext]))).toEqual(
      new Map([
        [replaced, 'bmV3'],
        [destroyed, null],
      ]),
    );
    await market.asOwner(`delete from secrets where id = '${idToUuid(replaced)}'`);
  });

  it('skips secrets that it cannot open, and seals the rest again', async () => {
    const ids = await sealAll();
    const [first] = ids as [SecretId];
    await market.system().db.update(secrets).set({ keyId: 'k0' }).where(eq(secrets.id, first));
    const both = withKeys(next, oldKey());
    expect(await rotateSecrets(both, { batch: 3 })).toEqual({ sealed: ids.length - 1, overtaken: 0, failed: 1 });
    expect((await under(both)).k0).toBe(1);
    await market.asOwner(`delete from secrets where id = '${idToUuid(first)}'`);
  });

  it('lets the gateway open tokens meanwhile', async () => {
    const ids = await sealAll();
    const both = withKeys(next, oldKey());
    let rotating = true;
    const rotation = rotateSecrets(both, { batch: 2 }).finally(() => (rotating = false));
    let looks = 0;
    while (rotating) {
      expect(await openAll(both, ids)).toEqual(texts);
      looks += 1;
    }
    expect((await rotation).sealed).toBe(ids.length);
    expect(looks).toBeGreaterThan(1);
  });
});

/** Resolves once a statement on `secrets` waits for another session's lock. */
async function somebodyWaits(): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    const waiting = await market
      .system()
      .db.execute(
        sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%"secrets"%'`,
      );
    if (waiting.length > 0) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('Nobody waits.');
}
