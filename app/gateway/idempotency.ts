import { findRunByIdempotencyKey, type Run } from '~/modules/metering/index.server';
import type { Ctx } from '~/platform/context';
import { isUniqueViolation } from '~/platform/errors';
import type { Caller } from './gateway';
import { Problem } from './problems';

/** The run that this Idempotency-Key has made before; its body must be the same. @throws Problem 422, 409. */
export async function findRepeatedRun(ctx: Ctx, caller: Caller, key: string | null, bodyHash: string): Promise<Run | null> {
  if (key === null) return null;
  const run = await findRunByIdempotencyKey(ctx, caller.buyerId, key);
  if (!run) return null;
  if (run.bodyHash !== bodyHash)
    throw new Problem(422, 'Idempotency key reused', 'This Idempotency-Key was sent before with another body.');
  if (run.upstreamId === null) throw inProgress();
  return run;
}

/** Of two creates with one Idempotency-Key that come together the second is told so; it authorizes nothing. */
export async function refuseConcurrentRepeat<T>(authorizing: Promise<T>): Promise<T> {
  return authorizing.catch((error: unknown) => {
    throw isUniqueViolation(error) ? inProgress() : error;
  });
}

const inProgress = () => new Problem(409, 'In progress', 'A create with this Idempotency-Key is still under way.');
