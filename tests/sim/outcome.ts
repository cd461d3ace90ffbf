import { DomainError } from '~/platform/errors';

/** What somebody asked for was not done, and was told so in a defined way. Not a failure of the run. */
export class Refused extends Error {}

/** There is nothing that this could be done to now; the step is another one. */
export class NothingToDo extends Error {}

/** The process was killed at a crash point. */
export class Crashed extends Error {}

/** A rule is broken, or something broke that nobody may see break: the run has found a defect. */
export class Defect extends Error {}

export function isRefusal(error: unknown): error is Refused | DomainError {
  return error instanceof Refused || error instanceof DomainError;
}

/** An error in a line, with the code that a database or a network gave it. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const code = error instanceof DomainError ? `${error.status} ${error.code}: ` : '';
  return `${code}${error.message.split('\n', 1)[0] ?? ''}${cause}`;
}
