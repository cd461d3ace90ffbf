import { countBurns } from '~/workflows/burning/count-burns.server';
import { endGrants, hideKeys } from '~/workflows/burning/end-grants.server';
import { failOverdueLots } from '~/workflows/failing/fail-lot.server';
import { probeLots } from '~/workflows/failing/probe-lots.server';
import { reconcileRuns } from '~/workflows/burning/reconcile-runs.server';
import { refreshAllVersions } from '~/workflows/burning/refresh-versions.server';
import { sweep, type Sweep } from './job';

export const meteringSweeps: Sweep[] = [
  sweep('reconcile-runs', 2, reconcileRuns),
  sweep('count-burns', 2, async (ctx) => {
    while ((await countBurns(ctx)) > 0);
  }),
  sweep('probe-lots', 5, probeLots),
  sweep('fail-lots', 60, failOverdueLots),
  sweep('end-grants', 60, endGrants),
  sweep('hide-keys', 10 * 60, hideKeys),
  sweep('refresh-versions', 6 * 60 * 60, refreshAllVersions),
];
