import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { attestations, listings } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { currentPolicy, type Policy } from '~/modules/policy/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { invalid, invariant } from '~/platform/errors';
import { newId, type Id, type ListingId, type SecretId, type UserId } from '~/platform/ids';
import { formatNano } from '~/platform/money';
import { cappedListingStates } from './listing-machine';
import { previewListing, smallestPurchaseNano } from './listing-preview';
import { computeLevel } from './levels';
import { recordReview, takeStep, type Listing } from './listing-store.server';
import { newListingCap, newSellerRoom } from './new-seller-cap';
import { termsProblems, type ListingTerms } from './listing-terms';

/** What the market shows of a seller, from its profile. */
export interface SellerFacts {
  publicName: string;
  since: Date;
  burnedNano: bigint;
  failedLots: number;
  seasonedAt: Date | null;
}

export interface CreateListing {
  listingId: ListingId;
  terms: ListingTerms;
  providerAccountId: Id<'providerAccount'>;
  secretId: SecretId;
  seller: SellerFacts;
}

/**
 * Writes and submits a listing whose token is checked and sealed. It goes on sale after an admin's approval. Part of the workflow
 * submit-listing, which claims the Replicate account in the same atomic block.
 * @throws DomainError 422 beside the field whose rule is broken.
 */
export async function createListing(ctx: Ctx, input: CreateListing): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const policy = await currentPolicy(tx);
    refuseBrokenTerms(input.terms, policy, tx.now);
    await refuseAboveNewSellersCap(tx, sellerId, input.terms, input.seller.seasonedAt !== null, policy);
    const [draft] = await tx.db
      .insert(listings)
      .values(draftRow(tx, sellerId, input, policy))
      .returning();
    invariant(draft, 'an inserted listing comes back');
    await tx.db.insert(attestations).values({
      id: newId('attestation', tx.now),
      listingId: draft.id,
      kind: 'token',
      passed: 1,
      finding: 'Token valid at submission',
      createdAt: tx.now,
    });
    const listing = await takeStep(tx, draft, 'submit', 'seller', { submittedAt: tx.now });
    await recordReview(tx, listing.id, { step: 'submit', actorId: sellerId });
    await recordAudit(tx, 'listing.submitted', listing.id, {
      face: formatNano(listing.faceNano),
      discountBps: String(listing.discountBps),
    });
    return listing;
  });
}

/** @throws DomainError 422 for the first rule of the market that the terms break. */
export function refuseBrokenTerms(terms: ListingTerms, policy: Policy, now: Date): void {
  const [problem] = termsProblems(terms, policy.rules, now);
  if (problem) throw invalid(problem.field, problem.message);
}

/**
 * Enforces the cap on what a new seller has on sale, until enough of it was burned without a failure (policy). Submissions of one seller
 * are serialized. `except` is the listing that is submitted again.
 */
export async function refuseAboveNewSellersCap(
  tx: Ctx,
  sellerId: UserId,
  terms: ListingTerms,
  seasoned: boolean,
  policy: Policy,
  except?: ListingId,
): Promise<void> {
  if (seasoned) return;
  const room = newSellerRoom(await lockedOnSale(tx, sellerId, except), policy.rules);
  const wanted = previewListing(terms.faceNano, terms.discountBps, policy.rules).sellableNano;
  if (wanted > room.leftNano) throw invalid('faceValue', newListingCap(room), 'new_seller_cap');
}

/** The credit that counts towards a new seller's cap, including a requested raise. Serializes submissions of the seller. */
export async function lockedOnSale(tx: Ctx, sellerId: UserId, except?: ListingId): Promise<bigint> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`seller-cap:${sellerId}`}))`);
  const [row] = await tx.db
    .select({ onSale: sql<bigint>`coalesce(sum(${offeredNano}), 0)`.mapWith(BigInt) })
    .from(listings)
    .where(
      and(eq(listings.sellerId, sellerId), inArray(listings.state, [...cappedListingStates]), except ? ne(listings.id, except) : undefined),
    );
  return row?.onSale ?? 0n;
}

const offeredNano = sql`${listings.availableNano} + ${listings.reservedNano} + coalesce(${listings.raiseToNano} - ${listings.faceNano}, 0)`;

/** The quantities and prices of terms, as columns. */
export function termsColumns(terms: ListingTerms, policy: Policy) {
  const preview = previewListing(terms.faceNano, terms.discountBps, policy.rules);
  return {
    faceNano: preview.faceNano,
    tailNano: preview.tailNano,
    listedNano: preview.sellableNano,
    availableNano: preview.sellableNano,
    minNano: smallestPurchaseNano(terms.minNano, terms.discountBps, policy.rules.minPurchaseCents),
    discountBps: terms.discountBps,
    creditExpiresAt: terms.creditExpiresAt,
    policyVersion: policy.version,
  };
}

function draftRow(tx: Ctx, sellerId: UserId, input: CreateListing, policy: Policy): typeof listings.$inferInsert {
  const { seller } = input;
  return {
    id: input.listingId,
    sellerId,
    providerAccountId: input.providerAccountId,
    secretId: input.secretId,
    state: 'draft',
    ...termsColumns(input.terms, policy),
    level: computeLevel(seller),
    sellerName: seller.publicName,
    sellerSince: seller.since,
    sellerBurnedNano: seller.burnedNano,
    sellerFailedLots: seller.failedLots,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
}
