import type { Model } from '../models/definition';
import { chargeFor } from '../models/price';
import type { PredictionEnded } from '../world/mutations';
import type { FinalStatus, Metrics, PredictionRecord } from '../world/records';

/** Ends a prediction: its metrics, and its cost to the account. */
export function decideEnding(
  prediction: PredictionRecord,
  model: Model | undefined,
  status: FinalStatus,
  at: number,
  error: string | null,
): PredictionEnded {
  const metrics = metricsAtEnd(prediction, status, at);
  const chargedNano = model ? chargeFor(model.price, model.visibility, status, metrics) : 0n;
  return { kind: 'prediction_ended', id: prediction.id, at, status, error, metrics, chargedNano };
}

/** A canceled prediction is metered by the time until then and the output made so far. */
function metricsAtEnd({ plan, createdAt, startedAt, outputReady }: PredictionRecord, status: FinalStatus, at: number): Metrics {
  if (startedAt === null) return {};
  const waitedSeconds = (startedAt - createdAt) / 1_000;
  const used: Metrics = { predict_time: plan.fixedSeconds ?? (at - startedAt) / 1_000 };
  const metered: Metrics = status === 'canceled' ? { ...(outputReady ? plan.metrics : {}), ...used } : plan.metrics;
  const { predict_time: predictTime } = metered;
  return typeof predictTime === 'number' ? { ...metered, total_time: Number((predictTime + waitedSeconds).toFixed(6)) } : metered;
}
