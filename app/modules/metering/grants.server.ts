import { and, asc, desc, eq, gt, inArray, isNull, lte, max, or, sql } from 'drizzle-orm';
import { grants } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addMs } from '~/platform/dates';
import { invariant, notFound } from '~/platform/errors';
import { newId, type GrantId, type ListingId, type SecretId, type TransactionId, type UserId } from '~/platform/ids';
import { kept } from '~/platform/kept-query';
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

const insertGrant = kept<NewGrant & { id: GrantId; createdAt: Date }>()((db, value) =>
  db
    .insert(grants)
    .values({
      id: value('id'),
      buyerId: value('buyerId'),
      sellerId: value('sellerId'),
      transactionId: value('transactionId'),
      listingId: value('listingId'),
      secretId: value('secretId'),
      state: 'open',
      creditNano: value('creditNano'),
      availableNano: value('creditNano'),
      endsAt: value('endsAt'),
      createdAt: value('createdAt'),
    })
    .onConflictDoNothing({ target: grants.transactionId })
    .returning({ id: grants.id }),
);

/** A paid transaction opens the right to burn what it bought. A second call for the same transaction changes nothing. */
export async function openGrant(tx: Ctx, grant: NewGrant): Promise<GrantId> {
  const id = newId('grant', tx.now);
  const [row] = await insertGrant(tx, { ...grant, id, createdAt: tx.now });
  if (row) return row.id;
  const [known] = await tx.db.select({ id: grants.id }).from(grants).where(eq(grants.transactionId, grant.transactionId));
  invariant(known, 'a grant that could not be written is there already');
  return known.id;
}

/** Takes a lot's grants in the order in which all take several: by buyer, then by id. */
async function lockLotGrants(tx: Ctx, listingId: ListingId): Promise<void> {
  await tx.db
    .select({ id: grants.id })
    .from(grants)
    .where(eq(grants.listingId, listingId))
    .orderBy(asc(grants.buyerId), asc(grants.id))
    .for('no key update');
}

/** Stops all burning of a lot for now: runs under way end and settle, new ones use the wallet's other grants. */
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

/** Until then new runs take the wallet's other grants first. Repeats within half that time write nothing. */
export async function slowGrants(tx: Ctx, listingId: ListingId, slowUntilAt: Date): Promise<void> {
  const soon = addMs(slowUntilAt, -(slowUntilAt.getTime() - tx.now.getTime()) / 2);
  await lockLotGrants(tx, listingId);
  await tx.db
    .update(grants)
    .set({ slowUntilAt })
    .where(and(eq(grants.listingId, listingId), eq(grants.state, 'open'), or(isNull(grants.slowUntilAt), lte(grants.slowUntilAt, soon))));
}

/** Lets a lot's grants burn again, with the seller's new token where there is one. */
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

/** Writes a replaced token through to every grant on the lot; those with runs still open need it to settle them. */
export async function replaceGrantSecret(tx: Ctx, listingId: ListingId, secretId: SecretId): Promise<void> {
  await lockLotGrants(tx, listingId);
  await tx.db.update(grants).set({ secretId }).where(eq(grants.listingId, listingId));
}

export interface Burn {
  creditNano: bigint;
  capturedNano: bigint;
  /** Set aside for runs that have not ended. */
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
 * Ends a grant: what is available is returned at once, what is authorized stays until its runs end (what they leave is returned then).
 * A grant that has ended already stays as it is. Answers how it stands.
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
 * Takes available credit out of a grant whose price went back to the card; runs under way go on. What is left can still be burned.
 * Call it behind `lockGrant`, with less than is available.
 */
export async function takeBackCredit(tx: Ctx, transactionId: TransactionId, creditNano: bigint): Promise<void> {
  await tx.db
    .update(grants)
    .set({ availableNano: sql`${grants.availableNano} - ${creditNano}`, returnedNano: sql`${grants.returnedNano} + ${creditNano}` })
    .where(eq(grants.transactionId, transactionId));
}

/** A transaction's grant, locked until the caller's block ends; null when none was opened. */
export async function lockGrant(tx: Ctx, transactionId: TransactionId): Promise<(Burn & { availableNano: bigint }) | null> {
  const [row] = await tx.db
    .select({ ...burnColumns, availableNano: grants.availableNano })
    .from(grants)
    .where(eq(grants.transactionId, transactionId))
    .for('update');
  return row ?? null;
}

/** How much of a transaction's credit was burned. @throws DomainError 404 when it never opened a grant. */
export async function findBurn(ctx: Ctx, transactionId: TransactionId): Promise<Burn> {
  const [row] = await ctx.db.select(burnColumns).from(grants).where(eq(grants.transactionId, transactionId));
  if (!row) throw notFound('grant');
  return row;
}

/**
 * Transactions whose burn window is over while their grants are still open, oldest first, at most `limit`. A frozen grant waits: the
 * decision on its lot ends it, or thaws it first.
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

/** Whether no grant of a lot can burn any more and no run on it is still to be settled: then its token may go. */
export async function hasNoOpenGrants(ctx: Ctx, listingId: ListingId): Promise<boolean> {
  const open = or(inArray(grants.state, ['open', 'frozen']), gt(grants.authorizedNano, 0n));
  const [row] = await ctx.db
    .select({ id: grants.id })
    .from(grants)
    .where(and(eq(grants.listingId, listingId), open))
    .limit(1);
  return row === undefined;
}

/** Transactions with a grant on a lot that still holds unburned credit, in the order of their ids. */
export async function findUnburnedTransactions(ctx: Ctx, listingId: ListingId): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ transactionId: grants.transactionId })
    .from(grants)
    .where(and(eq(grants.listingId, listingId), inArray(grants.state, ['open', 'frozen'])))
    .orderBy(asc(grants.transactionId));
  return rows.map((row) => row.transactionId);
}

/** What a wallet's open grants have free: how many there are, the most on one, and all together. */
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

/** Whose token may ask the provider about its public models: of a grant that is open now; of one buyer, or of any. */
export async function lotTokens(ctx: Ctx, buyerId: UserId | null, limit = 3): Promise<LotToken[]> {
  return ctx.db
    .selectDistinct({ listingId: grants.listingId, secretId: grants.secretId })
    .from(grants)
    .where(and(eq(grants.state, 'open'), gt(grants.endsAt, ctx.now), buyerId ? eq(grants.buyerId, buyerId) : undefined))
    .limit(limit);
}

/** The lots that a buyer has burned or may burn: those with open grants first, then the newest. Reading what is public needs no credit. */
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

/** The token that speaks for a run now: the grant's, which is the newest of its lot. */
export async function findGrantSecret(ctx: Ctx, grantId: GrantId): Promise<SecretId> {
  const [row] = await ctx.db.select({ secretId: grants.secretId }).from(grants).where(eq(grants.id, grantId));
  invariant(row, 'a run has a grant');
  return row.secretId;
}
