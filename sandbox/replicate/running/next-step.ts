import type { FinalStatus, PredictionRecord } from '../world/records';

/** Replicate stops a prediction that has run for half an hour. */
const LONGEST_RUN_MS = 30 * 60_000;

export type Step =
  { kind: 'start'; at: number } | { kind: 'output'; at: number } | { kind: 'end'; at: number; status: FinalStatus; error: string | null };

/** The next step of a prediction and its time; undefined if it has ended or hangs. If two are due at once, the time limit wins. */
export function nextStep(prediction: PredictionRecord): Step | undefined {
  if (prediction.status !== 'starting' && prediction.status !== 'processing') return undefined;
  const steps = [deadline(prediction), longestRun(prediction), planned(prediction)].filter((step) => step !== undefined);
  return steps.reduce<Step | undefined>((first, step) => (first === undefined || step.at < first.at ? step : first), undefined);
}

/** A passed deadline aborts a prediction that has not started and cancels a running one. */
function deadline({ deadlineAt, status }: PredictionRecord): Step | undefined {
  if (deadlineAt === null) return undefined;
  return { kind: 'end', at: deadlineAt, status: status === 'starting' ? 'aborted' : 'canceled', error: null };
}

function longestRun({ startedAt }: PredictionRecord): Step | undefined {
  if (startedAt === null) return undefined;
  return { kind: 'end', at: startedAt + LONGEST_RUN_MS, status: 'failed', error: 'Prediction timed out after 30 minutes.' };
}

function planned({ status, outputReady, plan }: PredictionRecord): Step | undefined {
  if (status === 'starting' && plan.startsAt !== null) return { kind: 'start', at: plan.startsAt };
  if (status === 'processing' && !outputReady && plan.outputAt !== null) return { kind: 'output', at: plan.outputAt };
  return plan.endsAt === null ? undefined : { kind: 'end', at: plan.endsAt, status: plan.ending, error: plan.error };
}
