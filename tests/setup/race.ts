import { DomainError } from '~/platform/errors';

export interface RaceResult<T> {
  won: T[];
  lost: DomainError[];
}

/** Runs all promises at once and sorts the results into successes and refusals. Any other failure is thrown. */
export async function race<T>(runs: Promise<T>[]): Promise<RaceResult<T>> {
  const results = await Promise.allSettled(runs);
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const lost = results.flatMap((result) => (result.status === 'rejected' ? [refusalIn(result.reason)] : []));
  return { won, lost };
}

/** Runs the same function many times at once. */
export async function raceMany<T>(howMany: number, run: (index: number) => Promise<T>): Promise<RaceResult<T>> {
  return race(Array.from({ length: howMany }, (_, index) => run(index)));
}

/** The refusal of a promise that is expected to be refused. */
export async function getRefusal(promise: Promise<unknown>): Promise<DomainError> {
  const { lost } = await race([promise]);
  const [refusal] = lost;
  if (!refusal) throw new Error('It was not refused.');
  return refusal;
}

function refusalIn(reason: unknown): DomainError {
  if (reason instanceof DomainError) return reason;
  throw reason;
}
