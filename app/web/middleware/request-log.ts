import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { getRequestId } from './request-id';

/** With LOG_LEVEL=debug, logs method, path (without query), status and duration of each request. */
export function logAnswers(server: Server, log: Logger): void {
  if (!log.isLevelEnabled('debug')) return;
  // Before Express, which shortens the URL while it matches routes.
  server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
    const from = performance.now();
    const { method, url = '/' } = req;
    res.once('close', () => {
      const ms = Math.round(performance.now() - from);
      log.debug({ requestId: getRequestId(res), method, path: url.replace(/\?.*$/s, ''), status: res.statusCode, ms }, 'answered');
    });
  });
}
