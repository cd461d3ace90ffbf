/** A refusal that a person can read: what happened and what to do. `field` puts the sentence beside a form field. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 409,
    readonly detail: { field?: string; facts?: Record<string, string> } = {},
  ) {
    super(message);
  }

  /** Pages and server are bundled apart and hold a copy of this class each: `instanceof` goes by what it is, not by which copy made it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'DomainError' && 'code' in value && 'status' in value;
  }
}

/** What does not exist, and what this actor may not see, which is the same to it. */
export function notFound(what = 'page'): DomainError {
  return new DomainError('not_found', `There is no such ${what}, or it is not yours to see.`, 404);
}

/** Input that breaks a rule: 422, with the sentence beside its field. */
export function invalid(field: string, message: string, code = 'invalid'): DomainError {
  return new DomainError(code, message, 422, { field });
}

/** The state of a thing does not allow the step (any more). */
export function conflict(code: string, message: string, facts?: Record<string, string>): DomainError {
  return new DomainError(code, message, 409, facts ? { facts } : {});
}

/** A failure that is our own mistake: a rule that the code promises was broken. Never shown to a person. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${message}`);
}

/** Makes the compiler prove that a switch is exhaustive. */
export function unreachable(value: never): never {
  throw new Error(`Unknown case: ${String(value)}`);
}

/** Whether a statement met a row that a unique index lets stand once only; drizzle wraps what the database said. */
export function isUniqueViolation(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : null;
  return cause instanceof Error && 'code' in cause && cause.code === '23505';
}
