import type { Ctx } from '~/platform/context';
import { idToUuid, type UserId } from '~/platform/ids';
import { written } from '~/platform/written-statement';
import { TERMS_VERSION, type TermsOccasion } from './terms';

const accepted = `
  insert into terms_acceptances (user_id, version, occasion, accepted_at) values ($1::uuid, $2, $3, $4::timestamptz) on conflict do nothing`;

/** Keeps which version of the terms a person accepted, when, and doing what. */
export async function recordTermsAcceptance(tx: Ctx, userId: UserId, occasion: TermsOccasion): Promise<void> {
  await tx.db.execute(written(accepted, [idToUuid(userId), TERMS_VERSION, occasion, tx.now.toISOString()]));
}
