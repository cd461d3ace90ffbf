import { findRunByIdempotencyKey, type Run } from '~/modules/metering/index.server';
import type { Ctx } from '~/platform/context';
import { isUniqueViolation } from '~/platform/errors';
import type { Caller } from './gateway';
import { Problem } from './problems';

/** The run that was created with this Idempotency-Key before. @throws Problem 422 if the body differs, 409 while it is being created. */
export async function findRepeatedRun(ctx: Ctx, caller: Caller, key: string | null, bodyHash: string): Promise<Run | null> {
  if (key === null) return null;
  const run = await findRunByIdempotencyKey(ctx, caller.buyerId, key);
  if (!run) return null;
  if (run.bodyHash !== bodyHash)
    throw new Problem(422, 'Idempotency key reused', 'This Idempotency-Key was sent before with another body.');
  if (run.upstreamId === null) throw inProgress();
  return run;
}

/** Two creates with one Idempotency-Key at once: the unique index lets one through. @throws Problem 409 for the other. */
export async function refuseConcurrentRepeat<T>(authorizing: Promise<T>): Promise<T> {
  return authorizing.catch((error: unknown) => {
    throw isUniqueViolation(error) ? inProgress() : error;
  });
}

const inProgress = () => new Problem(409, 'In progress', 'A create with this Idempotency-Key is still under way.');
