import type { IncomingMessage } from 'node:http';
import { findRun } from '~/modules/metering/index.server';
import { isId } from '~/platform/ids';
import type { Gateway } from './gateway';
import { readJson, type Reply } from './http';
import { takeHook } from './look-upstream';
import { notFound } from './problems';

const BODY_BYTES = 16 * 1024 * 1024;

/**
 * POST /gateway/hooks/{run}/{mac}: Replicate says that a run has ended. The address is the proof that it was meant for this run; what the
 * body says is not believed but fetched.
 */
export async function receiveHook(gateway: Gateway, req: IncomingMessage, runId: string, mac: string): Promise<Reply> {
  const ctx = gateway.ctx();
  if (!isId('run', runId) || !ctx.ports.runHooks.holds(runId, mac)) throw notFound();
  const { id } = await readJson(req, BODY_BYTES);
  const run = await findRun(ctx, runId);
  if (!run) throw notFound();
  await takeHook(gateway, run, typeof id === 'string' ? id : null);
  return { status: 200, body: { received: true } };
}
