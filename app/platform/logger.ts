import { pino, type Logger } from 'pino';

/** Whatever could open an account or a vault, wherever it stands in a logged object. */
const SECRET_FIELDS = ['password', 'token', 'accessKey', 'authorization', 'cookie', 'secret'];

/**
 * The process's log: one JSON object a line on standard output. Database errors are logged by their SQLSTATE only, since their
 * messages hold the statement and its parameters.
 */
export function createLogger(level: string, name: string): Logger {
  return pino({
    name,
    level,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[removed]' },
    serializers: { err: describeError },
  });
}

/** An error without what it may have carried in: type, message, stack, code; for database errors no message. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = codeOf(error) ?? codeOf(cause);
  const ofDatabase = error.name === 'DrizzleQueryError' || error.name === 'PostgresError' || cause?.name === 'PostgresError';
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
  return { type: error.name, code, message: ofDatabase ? `SQLSTATE ${code ?? 'unknown'}` : error.message, stack: frames };
}

function codeOf(error: Error | undefined): string | undefined {
  return error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
