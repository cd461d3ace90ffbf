import { and, eq, isNotNull, ne, sql } from 'drizzle-orm';
import { providerAccounts } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invalid, invariant } from '~/platform/errors';
import { newId, type Id, type ListingId, type UserId } from '~/platform/ids';

/** An account at a provider, as the provider's own API describes it. */
export interface CheckedAccount {
  type: string;
  username: string;
  name?: string | null;
  githubUrl?: string | null;
}

export interface AccountClaim {
  sellerId: UserId;
  provider: string;
  account: CheckedAccount;
  listingId: ListingId;
}

/**
 * Claims a provider account for a listing. One account backs one listing at a time over all sellers: two sellers with one token would
 * sell the same credit twice. @throws DomainError 422 at the field `token` when it already backs another.
 */
export async function claimProviderAccount(
  tx: Ctx,
  { sellerId, provider, account, listingId }: AccountClaim,
): Promise<Id<'providerAccount'>> {
  invariant(tx.inAtomic, 'an account is claimed in the block that writes its listing');
  const username = account.username.toLowerCase();
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`provider account ${provider}`}), hashtext(${username}))`);
  const [other] = await tx.db
    .select({ id: providerAccounts.id })
    .from(providerAccounts)
    .where(backsAnother(provider, username, listingId));
  if (other)
    throw invalid(
      'token',
      'This Replicate account already backs a listing. One account backs one listing at a time: end that one first, or use a token of another account.',
      'account_in_use',
    );
  const facts = {
    name: account.name ?? null,
    githubUrl: account.githubUrl ?? null,
    accountType: account.type,
    checkedAt: tx.now,
    backingListingId: listingId,
  };
  const [row] = await tx.db
    .insert(providerAccounts)
    .values({ id: newId('providerAccount', tx.now), sellerId, provider, username, createdAt: tx.now, ...facts })
    .onConflictDoUpdate({ target: [providerAccounts.sellerId, providerAccounts.provider, providerAccounts.username], set: facts })
    .returning({ id: providerAccounts.id });
  invariant(row, 'the claim wrote a row');
  return row.id;
}

function backsAnother(provider: string, username: string, listingId: ListingId) {
  const sameAccount = and(eq(providerAccounts.provider, provider), eq(providerAccounts.username, username));
  return and(sameAccount, isNotNull(providerAccounts.backingListingId), ne(providerAccounts.backingListingId, listingId));
}

/** Frees the account of an ended listing with nothing open on it. */
export async function freeProviderAccount(tx: Ctx, listingId: ListingId): Promise<void> {
  await tx.db.update(providerAccounts).set({ backingListingId: null }).where(eq(providerAccounts.backingListingId, listingId));
}

/** The account behind a listing; null once it is freed. */
export async function findBackingAccount(ctx: Ctx, listingId: ListingId): Promise<{ username: string } | null> {
  const [row] = await ctx.db
    .select({ username: providerAccounts.username })
    .from(providerAccounts)
    .where(eq(providerAccounts.backingListingId, listingId));
  return row ?? null;
}
