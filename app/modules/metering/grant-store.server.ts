import { and, asc, desc, eq, gt, inArray, isNull, lte, max, or, sql } from 'drizzle-orm';
import { rowsOf } from '~db/rows';
import { grants } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addMs } from '~/platform/dates';
import { invariant, notFound } from '~/platform/errors';
import { newId, type GrantId, type ListingId, type SecretId, type TransactionId, type UserId } from '~/platform/ids';
import { grantTransitions } from './grant-machine';

export interface NewGrant {
  buyerId: UserId;
  sellerId: UserId;
  transactionId: TransactionId;
  listingId: ListingId;
  secretId: SecretId;
  creditNano: bigint;
  /** End of the burn window. */
  endsAt: Date;
}

const grantRows = rowsOf(grants);

/** Opens the grant of a paid transaction. Idempotent: a second call returns the same grant. */
export async function openGrant(tx: Ctx, grant: NewGrant): Promise<GrantId> {
  const id = newId('grant', tx.now);
  const { sql } = tx.db;
  const columns = grantRows.toColumns({ ...grant, id, state: 'open', availableNano: grant.creditNano, createdAt: tx.now });
  const inserted = await sql`insert into grants ${sql(columns)} on conflict (transaction_id) do nothing returning id`;
  if (inserted.length > 0) return id;
  const [known] = await tx.db.select({ id: grants.id }).from(grants).where(eq(grants.transactionId, grant.transactionId));
  invariant(known, 'a grant that conflicts exists already');
  return known.id;
}

/** Locks a lot's grants by buyer, then id: the order that prevents deadlocks. */
async function lockLotGrants(tx: Ctx, listingId: ListingId): Promise<void> {
  await tx.db
    .select({ id: grants.id })
    .from(grants)
    .where(eq(grants.listingId, listingId))
    .orderBy(asc(grants.buyerId), asc(grants.id))
    .for('no key update');
}

/** Freezes all grants of a lot: open runs end and settle, new ones use the wallet's other grants. */
export async function freezeGrants(tx: Ctx, listingId: ListingId, reason: string): Promise<GrantId[]> {
  await lockLotGrants(tx, listingId);
  const { from, to } = grantTransitions.freeze;
  const rows = await tx.db
    .update(grants)
    .set({ state: to, stateReason: reason })
    .where(and(eq(grants.listingId, listingId), inArray(grants.state, [...from])))
    .returning({ id: grants.id });
  return rows.map((row) => row.id);
}

/** Until `slowUntilAt`, new runs prefer the wallet's other grants. Repeats within half that time write nothing. */
export async function slowGrants(tx: Ctx, listingId: ListingId, slowUntilAt: Date): Promise<void> {
  const soon = addMs(slowUntilAt, -(slowUntilAt.getTime() - tx.now.getTime()) / 2);
  await lockLotGrants(tx, listingId);
  await tx.db
    .update(grants)
    .set({ slowUntilAt })
    .where(and(eq(grants.listingId, listingId), eq(grants.state, 'open'), or(isNull(grants.slowUntilAt), lte(grants.slowUntilAt, soon))));
}

/** Opens a lot's frozen grants again, with the seller's new token if there is one. */
export async function thawGrants(tx: Ctx, listingId: ListingId, secretId?: SecretId): Promise<GrantId[]> {
  await lockLotGrants(tx, listingId);
  const { from, to } = grantTransitions.thaw;
  const rows = await tx.db
    .update(grants)
    .set({ state: to, stateReason: null, ...(secretId ? { secretId } : {}) })
    .where(and(eq(grants.listingId, listingId), inArray(grants.state, [...from])))
    .returning({ id: grants.id });
  return rows.map((row) => row.id);
}

/** Copies a replaced token to all grants of the lot; open runs need it to settle. */
export async function replaceGrantSecret(tx: Ctx, listingId: ListingId, secretId: SecretId): Promise<void> {
  await lockLotGrants(tx, listingId);
  await tx.db.update(grants).set({ secretId }).where(eq(grants.listingId, listingId));
}

export interface Burn {
  creditNano: bigint;
  capturedNano: bigint;
  /** Reserved for open runs. */
  authorizedNano: bigint;
  returnedNano: bigint;
}

const burnColumns = {
  creditNano: grants.creditNano,
  capturedNano: grants.capturedNano,
  authorizedNano: grants.authorizedNano,
  returnedNano: grants.returnedNano,
};

/**
 * Ends a grant: available credit is returned at once, reserved credit when its runs end. A grant that has ended does not change.
 * Returns its amounts.
 */
export async function closeGrant(tx: Ctx, { transactionId, as }: { transactionId: TransactionId; as: 'failed' | 'ended' }): Promise<Burn> {
  const { from, to } = as === 'failed' ? grantTransitions.fail : grantTransitions.end;
  const [closed] = await tx.db
    .update(grants)
    .set({ state: to, availableNano: sql`0`, returnedNano: sql`${grants.returnedNano} + ${grants.availableNano}`, endedAt: tx.now })
    .where(and(eq(grants.transactionId, transactionId), inArray(grants.state, [...from])))
    .returning(burnColumns);
  return closed ?? findBurn(tx, transactionId);
}

/**
 * Takes credit out of a grant whose price was refunded. Open runs continue, and the rest can still be burned. Call it behind
 * `lockGrant`, with less than is available.
 */
export async function takeBackCredit(tx: Ctx, transactionId: TransactionId, creditNano: bigint): Promise<void> {
  await tx.db
    .update(grants)
    .set({ availableNano: sql`${grants.availableNano} - ${creditNano}`, returnedNano: sql`${grants.returnedNano} + ${creditNano}` })
    .where(eq(grants.transactionId, transactionId));
}

/** A transaction's grant, locked until the caller's block ends; null if there is none. */
export async function lockGrant(tx: Ctx, transactionId: TransactionId): Promise<(Burn & { availableNano: bigint }) | null> {
  const [row] = await tx.db
    .select({ ...burnColumns, availableNano: grants.availableNano })
    .from(grants)
    .where(eq(grants.transactionId, transactionId))
    .for('update');
  return row ?? null;
}

/** The amounts of a transaction's grant. @throws DomainError 404 if it has none. */
export async function findBurn(ctx: Ctx, transactionId: TransactionId): Promise<Burn> {
  const [row] = await ctx.db.select(burnColumns).from(grants).where(eq(grants.transactionId, transactionId));
  if (!row) throw notFound('grant');
  return row;
}

/**
 * Transactions whose grants are open past their burn window, oldest first, at most `limit`. Frozen grants are left to the decision on
 * their lot.
 */
export async function findExpiredGrants(ctx: Ctx, limit: number): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ transactionId: grants.transactionId })
    .from(grants)
    .where(and(eq(grants.state, 'open'), lte(grants.endsAt, ctx.now)))
    .orderBy(grants.endsAt)
    .limit(limit);
  return rows.map((row) => row.transactionId);
}

/** Whether a lot has no open or frozen grant and no open run. Then its token may be destroyed. */
export async function hasNoOpenGrants(ctx: Ctx, listingId: ListingId): Promise<boolean> {
  const open = or(inArray(grants.state, ['open', 'frozen']), gt(grants.authorizedNano, 0n));
  const [row] = await ctx.db
    .select({ id: grants.id })
    .from(grants)
    .where(and(eq(grants.listingId, listingId), open))
    .limit(1);
  return row === undefined;
}

/** Transactions with unburned credit on a lot, ordered by id. */
export async function findUnburnedTransactions(ctx: Ctx, listingId: ListingId): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ transactionId: grants.transactionId })
    .from(grants)
    .where(and(eq(grants.listingId, listingId), inArray(grants.state, ['open', 'frozen'])))
    .orderBy(asc(grants.transactionId));
  return rows.map((row) => row.transactionId);
}

/** Available credit of a wallet: number of open grants, the largest, and the sum. */
export async function walletRoom(ctx: Ctx, buyerId: UserId): Promise<{ lots: number; mostNano: bigint; allNano: bigint }> {
  const [row] = await ctx.db
    .select({
      lots: sql<number>`count(*)::int`,
      mostNano: sql<string>`coalesce(max(${grants.availableNano}), 0)::text`,
      allNano: sql<string>`coalesce(sum(${grants.availableNano}), 0)::text`,
    })
    .from(grants)
    .where(and(eq(grants.buyerId, buyerId), eq(grants.state, 'open'), gt(grants.endsAt, ctx.now), gt(grants.availableNano, 0n)));
  return { lots: row?.lots ?? 0, mostNano: BigInt(row?.mostNano ?? '0'), allNano: BigInt(row?.allNano ?? '0') };
}

export interface LotToken {
  listingId: ListingId;
  secretId: SecretId;
}

/** Lots with an open grant, of one buyer or of any. Their tokens may read the provider's public models. */
export async function lotTokens(ctx: Ctx, buyerId: UserId | null, limit = 3): Promise<LotToken[]> {
  return ctx.db
    .selectDistinct({ listingId: grants.listingId, secretId: grants.secretId })
    .from(grants)
    .where(and(eq(grants.state, 'open'), gt(grants.endsAt, ctx.now), buyerId ? eq(grants.buyerId, buyerId) : undefined))
    .limit(limit);
}

/** A buyer's lots, those with open grants first, then the newest. Reading public models needs no credit. */
export async function findBuyerLots(ctx: Ctx, buyerId: UserId, limit = 3): Promise<(LotToken & { open: boolean })[]> {
  const open = sql<boolean>`bool_or(${grants.state} = 'open')`;
  return ctx.db
    .select({ listingId: grants.listingId, secretId: grants.secretId, open })
    .from(grants)
    .where(eq(grants.buyerId, buyerId))
    .groupBy(grants.listingId, grants.secretId)
    .orderBy(desc(open), desc(max(grants.createdAt)))
    .limit(limit);
}

/** The secret of the grant's token, which is the newest of its lot. */
export async function findGrantSecret(ctx: Ctx, grantId: GrantId): Promise<SecretId> {
  const [row] = await ctx.db.select({ secretId: grants.secretId }).from(grants).where(eq(grants.id, grantId));
  invariant(row, 'a run has a grant');
  return row.secretId;
}
