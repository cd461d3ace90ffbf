import type { Ctx } from '~/platform/context';
import { idToUuid, type UserId } from '~/platform/ids';
import { TERMS_VERSION, type TermsOccasion } from './terms';

/** Records the accepted version of the terms, with time and occasion. */
export async function recordTermsAcceptance(tx: Ctx, userId: UserId, occasion: TermsOccasion): Promise<void> {
  await tx.db.sql`
    insert into terms_acceptances (user_id, version, occasion, accepted_at)
    values (${idToUuid(userId)}::uuid, ${TERMS_VERSION}, ${occasion}, ${tx.now.toISOString()}::timestamptz)
    on conflict do nothing`;
}
