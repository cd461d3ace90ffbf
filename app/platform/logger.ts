import { pino, type DestinationStream, type Logger } from 'pino';
import { scrubber } from './scrub';

/** Whatever could open an account or a vault, wherever it stands in a logged object. */
const SECRET_FIELDS = ['password', 'token', 'accessKey', 'authorization', 'cookie', 'secret', 'headers', 'body', 'rawBody'];

export interface LogOptions {
  /** This process's own secrets: removed wherever they stand, also in the middle of a sentence. */
  secrets?: string[];
  /** Standard output unless said otherwise. */
  destination?: DestinationStream;
}

/**
 * The process's log: one JSON object a line on standard output. Secrets are removed twice: by the name of their field, and by their shape
 * from the finished line, since libraries put them into messages. Of database errors only the SQLSTATE is logged, since their messages hold
 * the statement and its parameters.
 */
export function createLogger(level: string, name: string, { secrets = [], destination }: LogOptions = {}): Logger {
  const options = {
    name,
    level,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[removed]' },
    serializers: { err: describeError },
    hooks: { streamWrite: scrubber(secrets) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** An error without what it may have carried in: type, message, stack, code; for database errors no message. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = errorCode(error) ?? errorCode(cause);
  // The query builder's errors carry statement and parameters whatever went wrong, also when only the connection was lost.
  const ofDatabase = ('query' in error && 'params' in error) || error.name === 'PostgresError' || cause?.name === 'PostgresError';
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
  return { type: error.name, code, message: ofDatabase ? `SQLSTATE ${code ?? 'unknown'}` : error.message, stack: frames };
}

function errorCode(error: Error | undefined): string | undefined {
  return error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
