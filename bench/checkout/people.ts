import { sql } from 'drizzle-orm';
import { startSignIn } from '~/modules/accounts/sign-in-session.server';
import { currentPolicy, openMarket, publishPolicy } from '~/modules/policy/index.server';
import type { Actor, Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { idToUuid, newId, type ListingId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import type { Services } from '~/services.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';

type UserActor = Extract<Actor, { kind: 'user' }>;

/** A buyer with a signed-in browser. */
export interface Buyer {
  cookie: string;
}

/** A market without limits for new buyers, since the benchmark's buyers are all new. */
export async function openBenchMarket(services: Services): Promise<UserActor> {
  await openMarket(services.ctxFor({ kind: 'system', name: 'bench' }));
  const [admin] = await people(services, 1, 'admin');
  if (!admin) throw new Error('An admin was made.');
  const ctx = services.ctxFor(admin);
  const { version, rules } = await currentPolicy(ctx);
  const most = 100_000_000;
  await publishPolicy(ctx, {
    basedOn: version,
    rules: { ...rules, newBuyerMaxPerDayCents: most, newSellerMaxOnSaleCents: most },
    note: 'New buyers and sellers of a benchmark.',
  });
  return admin;
}

/** Verified people without a password, which saves hashing. */
export async function people(services: Services, count: number, role: 'user' | 'admin' = 'user'): Promise<UserActor[]> {
  const at = services.clock.now();
  const made = Array.from({ length: count }, (): UserActor => {
    const userId = newId('user', at);
    return { kind: 'user', userId, email: `${userId}@people.example`, name: `Somebody ${userId.slice(-6)}`, role, verified: true };
  });
  const rows = made.map(
    ({ userId, email, name }) => sql`(${idToUuid(userId)}::uuid, ${email}, ${name}, ${role}, now(), now() - interval '90 days')`,
  );
  await services.db.execute(sql`insert into users (id, email, name, role, verified_at, created_at) values ${sql.join(rows, sql`, `)}`);
  return made;
}

export async function buyers(services: Services, count: number): Promise<Buyer[]> {
  const ctx = services.ctxFor({ kind: 'system', name: 'bench' });
  const cookies: Buyer[] = [];
  for (const { userId } of await people(services, count)) {
    const header = await startSignIn(ctx, userId, null);
    cookies.push({ cookie: header.split(';')[0] ?? '' });
  }
  return cookies;
}

/** Lots on sale at half price, each with its own seller and Replicate account, listed and approved by the commands. */
export async function lotsOnSale(services: Services, admin: UserActor, replicateUrl: string, count: number): Promise<ListingId[]> {
  const lots: ListingId[] = [];
  for (const seller of await people(services, count)) {
    const token = await replicateToken(replicateUrl, `seller-${lots.length}`);
    const ctx: Ctx = services.ctxFor(seller);
    const { id } = await submitListing(ctx, {
      terms: { faceNano: usdNano(900_000), discountBps: 5_000, minNano: usdNano(10), creditExpiresAt: inTwoMonths(ctx.now) },
      token,
    });
    await decideListing(services.ctxFor(admin), id, { intent: 'approve' });
    lots.push(id);
  }
  return lots;
}

function inTwoMonths(now: Date): Date {
  return new Date(`${addDays(now, 60).toISOString().slice(0, 10)}T00:00:00.000Z`);
}

async function replicateToken(replicateUrl: string, username: string): Promise<string> {
  const answer = await fetch(`${replicateUrl}/_sandbox/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, creditUsd: '900000' }),
  });
  const { token } = (await answer.json()) as { token?: string };
  if (!token) throw new Error(`The account ${username} was refused: ${answer.status}.`);
  return token;
}
