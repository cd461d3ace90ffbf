import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { backUp } from '~db/backup.server';
import { restore, RestoreError } from '~db/restore.server';
import { openSecret } from '~/modules/vault/index.server';
import { usdNano } from '~/platform/money';
import { checkInvariants } from '~/invariants/check-invariants.server';
import { createServices, type Services } from '~/services.server';
import { createReadiness } from '~/web/readiness';
import { aListing, anAdmin, aPerson, aSeller, type Person } from '~tests/factories/market';
import { aPurchase, aRun, burn, findPurchase, workOff } from '~tests/factories/transactions';
import { cloneTemplate, type TestDatabase } from '~tests/setup/clone';
import { testMarket, type TestMarket } from '~tests/setup/market';

const market = testMarket();
const emptied: TestDatabase[] = [];
let folder: string;
let admin: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credit-mart-backup-'));
  admin = await anAdmin(market);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const database of emptied) await database.drop();
});

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await cloneTemplate({ adminUrl: inject('postgres').adminUrl, template: 'template0' });
  emptied.push(database);
  return database;
}

/** Buys, burns and leaves runs open until stopped. Returns how much was done. */
function activity(): { stop(): Promise<number> } {
  let stopped = false;
  let done = 0;
  const shop = async () => {
    const seller = await aSeller(market);
    const { listing } = await aListing(market, { admin, seller, onSale: 5_000 });
    while (!stopped) {
      const buyer = await aPerson(market);
      await aPurchase(market, buyer, listing, 20);
      await burn(buyer, usdNano(3));
      await aRun(buyer, usdNano(2));
      done += 1;
    }
  };
  const shops = Promise.all([shop(), shop(), shop()]);
  return {
    stop: async () => {
      stopped = true;
      await shops;
      return done;
    },
  };
}

const countRows = async (services: Services, table: string) => {
  const [row] = await services.db.execute<{ count: number }>(sql.raw(`select count(*)::integer as count from ${table}`));
  return row?.count ?? 0;
};

/** The same market on another database, with the same commands, sandboxes and clock. */
function on(services: Services, databaseUrl: string): TestMarket {
  return { ...market, services, databaseUrl, system: () => services.ctxFor({ kind: 'system', name: 'test' }) };
}

describe('a backup of a busy market', () => {
  it('restores into an empty database: the invariants hold, history cannot be changed, and the market goes on', async () => {
    const busy = activity();
    while ((await countRows(market.services, 'runs')) < 6) await new Promise((done) => setTimeout(done, 20));
    const file = join(folder, 'market.gz');
    const made = await backUp(market.databaseUrl, file);
    const after = await busy.stop();
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const target = await emptyDatabase();
    expect(await restore(target.ownerUrl, file, market.databaseUrl)).toMatchObject({ rows: made.rows, tables: made.tables });
    const services = await createServices({ ...market.services.env, databaseUrl: target.url }, { clock: market.services.clock });
    const restored = on(services, target.url);
    expect(await checkInvariants(restored.system())).toEqual([]);
    // The backup shows one moment of the market, which went on meanwhile.
    const bought = await countRows(services, 'transactions');
    expect(bought).toBeGreaterThanOrEqual(3);
    expect(bought).toBeLessThan(await countRows(market.services, 'transactions'));
    expect(after).toBeGreaterThan(bought - 3);
    await expect(services.db.execute(sql`update ledger_postings set amount_cents = amount_cents + 1`)).rejects.toThrow();
    expect((await createReadiness(services, () => false)()).text).toContain('migrations: ok');

    // Waiting jobs run, tokens open, and a new buyer can buy.
    await workOff(restored);
    const { listing } = await aListing(restored, { admin: await anAdmin(restored), onSale: 100 });
    const buyer = await aPerson(restored);
    const { checkoutId } = await aPurchase(restored, buyer, listing, 20);
    await burn(buyer, usdNano(20));
    const { transaction, grant } = await findPurchase(restored, checkoutId);
    expect(transaction.state).toBe('delivered');
    if (!grant) throw new Error('The purchase has no grant.');
    const secret = { secretId: grant.secretId, boundTo: `listings/${listing.id}` };
    expect(await openSecret(restored.system(), secret)).toMatch(/^r8_/);
    expect(await checkInvariants(restored.system())).toEqual([]);
    await services.close();
  });

  it('is neither restored over existing data nor restored partly', async () => {
    const file = join(folder, 'again.gz');
    await backUp(market.databaseUrl, file);
    await expect(restore(market.databaseUrl, file)).rejects.toThrow(/not empty/);

    const text = gunzipSync(await readFile(file)).toString('utf8');
    const damaged = join(folder, 'damaged.gz');
    const attempts: [Buffer, RegExp][] = [
      [(await readFile(file)).subarray(0, 4_000), /damaged or was cut short/],
      [gzipSync(text.slice(0, text.lastIndexOf('{"end"'))), /damaged or was cut short/],
      [gzipSync(text.replace(/^(\{"table":"public\.runs".*)\n.*\n/m, '$1\n')), /lacks rows/],
      [gzipSync(text.replace('0001_open-market', '0001_something-newer')), /newer version/],
    ];
    for (const [bytes, sentence] of attempts) {
      await writeFile(damaged, bytes);
      const target = await emptyDatabase();
      const failure = await restore(target.ownerUrl, damaged).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(RestoreError);
      expect(String(failure)).toMatch(sentence);
      await rm(damaged);
    }
  });

  it('does not touch an existing backup when it fails', async () => {
    const file = join(folder, 'kept.gz');
    await appendFile(`${file}.partial`, 'somebody else’s');
    await expect(backUp(market.databaseUrl, file)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(`${file}.partial`, 'utf8')).toBe('somebody else’s');
  });
});
