import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { grants, runs, sellerProfiles, users } from '~db/schema';
import { mintAccessKey, openGrant } from '~/modules/metering/index.server';
import { seal } from '~/modules/vault/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { idToUuid, newId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import type { Services } from '~/services.server';

/** Buyers with one access key and one grant each, with more credit than the benchmark can use. Returns their keys. */
export async function makeWallets(services: Services, count: number): Promise<string[]> {
  const system = services.ctxFor({ kind: 'system', name: 'bench' });
  const keys: string[] = [];
  for (let n = 0; n < count; n += 1) keys.push(await atomic(system, (tx) => makeWallet(services, tx)));
  return keys;
}

async function makeWallet(services: Services, tx: Ctx): Promise<string> {
  const [buyerId, sellerId] = [newId('user', tx.now), newId('user', tx.now)];
  const [listingId, transactionId] = [newId('listing', tx.now), newId('transaction', tx.now)];
  const person = (id: typeof buyerId) => ({
    id,
    email: `${randomUUID()}@example.com`,
    name: 'Bench',
    createdAt: tx.now,
    verifiedAt: tx.now,
  });
  await tx.db.insert(users).values([person(buyerId), person(sellerId)]);
  await tx.db.insert(sellerProfiles).values({ userId: sellerId, publicName: 'Bench', createdAt: tx.now });
  await tx.db.execute(sql`
    insert into listings (id, seller_id, provider_account_id, state, face_nano, tail_nano, listed_nano, available_nano, min_nano, discount_bps,
      credit_expires_at, policy_version, seller_name, seller_since, created_at, updated_at)
    values (${idToUuid(listingId)}::uuid, ${idToUuid(sellerId)}::uuid, gen_random_uuid(), 'active', 1, 0, 1, 1, 1, 5000, now(), 1, 'Bench', now(), now(), now())`);
  const secretId = await seal(tx, { plaintext: `r8_${'a'.repeat(37)}`, boundTo: `listings/${listingId}` });
  await openGrant(tx, {
    buyerId,
    sellerId,
    transactionId,
    listingId,
    secretId,
    creditNano: usdNano(100_000),
    endsAt: addDays(tx.now, 30),
  });
  const buyer = services.ctxFor({ kind: 'user', userId: buyerId, email: 'bench', name: 'Bench', role: 'user', verified: true });
  const { text } = await mintAccessKey({ ...buyer, db: tx.db, inAtomic: true }, { name: 'bench' });
  return text ?? '';
}

export interface Metered {
  captured: number;
  open: number;
  /** Grants whose sums are not those of their runs. */
  wrong: number;
}

/** What was metered according to the database, to compare with the answers. */
export async function metered(services: Services): Promise<Metered> {
  const { db } = services;
  const [row] = await db
    .select({
      captured: sql<number>`(count(*) filter (where ${runs.state} = 'captured'))::int`,
      open: sql<number>`(count(*) filter (where ${runs.state} in ('authorized', 'unknown')))::int`,
    })
    .from(runs);
  const wrong = await db.execute(sql`
    select 1 from ${grants} g left join lateral (
      select coalesce(sum(captured_nano), 0) as captured, coalesce(sum(authorized_nano) filter (where state in ('authorized', 'unknown')), 0) as open
      from ${runs} r where r.grant_id = g.id) r on true
    where g.captured_nano <> r.captured or g.authorized_nano <> r.open`);
  if (!row) throw new Error('A count has a row.');
  return { ...row, wrong: wrong.length };
}
