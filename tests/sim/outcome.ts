import { DomainError } from '~/platform/errors';

/** The application refused in a defined way. Not a failure of the run. */
export class Refused extends Error {}

/** Nothing fits this action now; the step picks another one. */
export class NothingToDo extends Error {}

/** The process was killed at a crash point. */
export class Crashed extends Error {}

/** A rule is broken, or an unexpected error happened: the run has found a defect. */
export class Defect extends Error {}

export function isRefusal(error: unknown): error is Refused | DomainError {
  return error instanceof Refused || error instanceof DomainError;
}

/** An error in one line, with the code from the database or network. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const code = error instanceof DomainError ? `${error.status} ${error.code}: ` : '';
  return `${code}${error.message.split('\n', 1)[0] ?? ''}${cause}`;
}
