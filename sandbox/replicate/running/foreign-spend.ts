import { HARDWARE_USD_PER_SECOND } from '../models/price';
import type { Sandbox } from '../sandbox';
import { newPredictionId, makeVersionId } from '../world/ids';
import { usdToNano } from '../world/money';
import type { AccountRecord, Plan, PredictionRecord } from '../world/records';

const MODEL = 'stability-ai/sdxl';

/** A finished prediction of the account's owner that costs exactly `amountNano`. */
export function spendInParallel(sandbox: Sandbox, account: AccountRecord, amountNano: bigint, source: 'api' | 'web'): PredictionRecord {
  const now = sandbox.world.now();
  const seconds = Number(amountNano) / Number(usdToNano(HARDWARE_USD_PER_SECOND['gpu-l40s']));
  const metrics = { predict_time: seconds, total_time: seconds };
  const prediction: PredictionRecord = {
    id: newPredictionId(),
    username: account.username,
    model: MODEL,
    version: makeVersionId(MODEL),
    source,
    input: { prompt: 'The owner at work' },
    webhook: null,
    webhookEvents: [],
    createdAt: now,
    deadlineAt: null,
    plan: { ...finishedAt(now), metrics },
    status: 'starting',
    startedAt: now,
    outputReady: false,
    completedAt: null,
    error: null,
    metrics: null,
    chargedNano: 0n,
  };
  sandbox.world.commit({ kind: 'prediction_created', prediction });
  const ended = { kind: 'prediction_ended', id: prediction.id, at: now, status: 'succeeded', error: null, metrics } as const;
  sandbox.world.commit({ ...ended, chargedNano: amountNano });
  return prediction;
}

function finishedAt(now: number): Omit<Plan, 'metrics'> {
  return {
    startsAt: now,
    outputAt: now,
    endsAt: now,
    ending: 'succeeded',
    error: null,
    output: { kind: 'files', extension: 'png', count: 1, asList: true },
    fixedSeconds: null,
    showMetrics: { afterMs: 0 },
    answersWaitAtOutput: false,
  };
}
