import { findRunByUpstream, type Run } from '~/modules/metering/index.server';
import { tokenForRun } from '~/workflows/burning/reconcile-runs.server';
import type { Caller, Gateway } from './gateway';
import type { Reply } from './http';
import { viewRun, applyAnswer } from './look-upstream';
import { notFound, providerRefusal, unavailable } from './problems';

/** GET /predictions/{id}: the caller's own runs only; for others no call is made to the provider. */
export async function showPrediction(gateway: Gateway, caller: Caller, id: string): Promise<Reply> {
  const { body } = await viewRun(gateway, await ownRun(gateway, caller, id));
  return { status: 200, body };
}

/** POST /predictions/{id}/cancel. A run that has ended stays as it is. */
export async function cancelPrediction(gateway: Gateway, caller: Caller, id: string): Promise<Reply> {
  const run = await ownRun(gateway, caller, id);
  if (run.state === 'captured' || run.state === 'voided') return { status: 200, body: (await viewRun(gateway, run)).body };
  const ctx = gateway.ctx();
  const token = await tokenForRun(ctx, run);
  if (token === null) throw unavailable('The lot of this run has no working token now. The run ends by itself at its deadline.');
  const outcome = await ctx.ports.replicateRuns.cancel(token, id);
  if (outcome.kind === 'refused' && outcome.status !== 401) throw providerRefusal(outcome.status, outcome.body, outcome.retryAfter);
  if (outcome.kind !== 'done') throw unavailable('The provider did not take the cancellation. Try again.');
  return { status: 200, body: (await applyAnswer(gateway, run, outcome)).body };
}

/** GET /account: the wallet under a name that does not identify its owner. */
export function showAccount(caller: Caller): Reply {
  const username = `wallet-${caller.buyerId.slice(-8)}`;
  return { status: 200, body: { type: 'organization', username, name: 'Credit Mart wallet', github_url: null, avatar_url: null } };
}

async function ownRun(gateway: Gateway, caller: Caller, id: string): Promise<Run> {
  const run = await findRunByUpstream(gateway.ctx(), caller.buyerId, id);
  if (!run) throw notFound();
  return run;
}
