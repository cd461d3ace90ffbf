import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApi } from '../api/routes';
import { answerControl } from '../control/control-routes';
import type { Control } from '../control/control';
import { answerFile } from '../files/answer-file';
import type { Sandbox } from '../sandbox';
import { send, type Outcome } from './reply';

/** The sandbox's HTTP server, not yet listening. */
export function serverFor(sandbox: Sandbox, control: Control): Server {
  return createServer((request, response) => {
    void serve(sandbox, control, request, response);
  });
}

async function serve(sandbox: Sandbox, control: Control, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const outcome = await answer(sandbox, control, request, response);
    if (outcome === 'cut') request.socket.destroy();
    else if (outcome !== 'answered') send(response, outcome);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    process.stderr.write(`replicate sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    if (!response.headersSent) send(response, { status: 500, body: { detail: 'The sandbox itself failed; see its output.', status: 500 } });
  }
}

function answer(sandbox: Sandbox, control: Control, request: IncomingMessage, response: ServerResponse): Outcome | Promise<Outcome> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (url.pathname.startsWith('/_sandbox/')) return answerControl(control, request, url);
  if (url.pathname.startsWith('/files/')) return answerFile(sandbox, request, response, url.pathname);
  return answerApi(sandbox, request, response, url);
}
