import { termsAcceptances } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';
import { TERMS_VERSION, type TermsOccasion } from './terms';

/** Keeps which version of the terms a person accepted, when, and doing what. */
export async function recordTermsAcceptance(tx: Ctx, userId: UserId, occasion: TermsOccasion): Promise<void> {
  await tx.db.insert(termsAcceptances).values({ userId, occasion, version: TERMS_VERSION, acceptedAt: tx.now }).onConflictDoNothing();
}
