import type { IncomingMessage } from 'node:http';
import { findRun } from '~/modules/metering/index.server';
import { isId } from '~/platform/ids';
import type { Gateway } from './gateway';
import { bytesAnnounced, readJson, type Reply } from './http';
import { applyHook } from './look-upstream';
import { notFound, tooMany } from './problems';

const BODY_BYTES = 16 * 1024 * 1024;

/**
 * POST /gateway/hooks/{run}/{mac}: Replicate reports that a run has ended. The MAC proves that the address was made for this run; the
 * prediction itself is fetched.
 */
export async function receiveHook(gateway: Gateway, req: IncomingMessage, runId: string, mac: string): Promise<Reply> {
  const ctx = gateway.ctx();
  if (!isId('run', runId) || !ctx.ports.runHooks.holds(runId, mac)) throw notFound();
  const run = await findRun(ctx, runId);
  if (!run) throw notFound();
  await applyHook(gateway, run, run.upstreamId === null ? await reportedId(gateway, req) : null);
  return { status: 200, body: { received: true } };
}

/** The prediction's id from the body. Read only if the run has none yet, since outputs may be large. */
async function reportedId(gateway: Gateway, req: IncomingMessage): Promise<string | null> {
  const endBody = await gateway.bodies.take('hooks', { units: bytesAnnounced(req, BODY_BYTES) });
  if (!endBody) throw tooMany('Too many bodies are being read.');
  try {
    const { id } = await readJson(req, { cap: BODY_BYTES, mostValues: Infinity });
    return typeof id === 'string' ? id : null;
  } finally {
    endBody();
  }
}
