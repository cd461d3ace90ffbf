import { pino, type DestinationStream, type Logger } from 'pino';
import { scrubber } from './scrub';

/** Names of fields that may hold a secret, at any place in a logged object. */
const SECRET_FIELDS = ['password', 'token', 'accessKey', 'authorization', 'cookie', 'secret', 'headers', 'body', 'rawBody'];

export interface LogOptions {
  /** This process's own secrets: removed anywhere in a line. */
  secrets?: string[];
  /** Standard output unless said otherwise. */
  destination?: DestinationStream;
}

/**
 * The process's log: one JSON object per line on standard output. Secrets are removed by field name, and by shape from the finished line,
 * since libraries put them into messages. Database errors are reduced to their SQLSTATE: their messages hold statement and parameters.
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

/** Type, message, stack and code of an error; no message for database errors. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = errorCode(error) ?? errorCode(cause);
  // The query builder's errors always carry statement and parameters, even for a lost connection.
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
