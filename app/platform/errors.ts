/** An error that a person can read: what happened and what to do. `field` names the form field it belongs to. */
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

  /** Pages and server are bundled apart and have a copy of this class each, so `instanceof` compares shapes. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'DomainError' && 'code' in value && 'status' in value;
  }
}

/** 404 for what does not exist, and for what this actor may not see. */
export function notFound(what = 'page'): DomainError {
  return new DomainError('not_found', `There is no such ${what}, or it is not yours to see.`, 404);
}

/** 422: input breaks a rule; the message appears beside the field. */
export function invalid(field: string, message: string, code = 'invalid'): DomainError {
  return new DomainError(code, message, 422, { field });
}

/** 409: the state does not allow the step. */
export function conflict(code: string, message: string, facts?: Record<string, string>): DomainError {
  return new DomainError(code, message, 409, facts ? { facts } : {});
}

/** Asserts what the code guarantees. A failure is a bug and is never shown to a person. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${message}`);
}

/** Makes the compiler prove that a switch is exhaustive. */
export function unreachable(value: never): never {
  throw new Error(`Unknown case: ${String(value)}`);
}

/** Whether a statement violated a unique index; drizzle wraps the database's error. */
export function isUniqueViolation(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : null;
  return cause instanceof Error && 'code' in cause && cause.code === '23505';
}
