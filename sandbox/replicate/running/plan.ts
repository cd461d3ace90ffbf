import { parseJson } from '../http/json';
import { withDefaults } from '../models/check-input';
import type { Model } from '../models/definition';
import type { Json, JsonObject, Plan } from '../world/records';
import type { Behaviour } from './behaviours';

/** The fractions of a prediction's time after which it starts running and has its output. */
const STARTS_AFTER = 0.2;
const OUTPUT_AFTER = 0.85;
const USUAL_METRICS_DELAY_MS = 2_000;
const LONG_FAILURE_SECONDS = 383;

/** Decides how a prediction will go: its timing, its end and its metrics. */
export function planRun(model: Model, input: JsonObject, behaviour: Behaviour | undefined, now: number, usualMs: number): Plan {
  const delayMs = behaviour?.delayMs ?? usualMs;
  const made = model.produce(withDefaults(model.input, input), behaviour?.outputCount);
  const predictTime = behaviour?.predictSeconds ?? model.typicalSeconds;
  const usual: Plan = {
    startsAt: now + Math.round(delayMs * STARTS_AFTER),
    outputAt: now + Math.round(delayMs * OUTPUT_AFTER),
    endsAt: now + delayMs,
    ending: 'succeeded',
    error: null,
    output: behaviour?.outputJson === undefined ? made.output : { kind: 'value', value: parseJson(behaviour.outputJson) as Json },
    metrics: { predict_time: predictTime, ...made.metrics, ...behaviour?.metrics },
    fixedSeconds: behaviour?.predictSeconds ?? null,
    showMetrics: { afterMs: 0 },
    answersWaitAtOutput: false,
  };
  return behaviour ? { ...usual, ...deviation(behaviour) } : usual;
}

function deviation(behaviour: Behaviour): Partial<Plan> {
  const { kind, predictSeconds, metrics } = behaviour;
  switch (kind) {
    case 'fail':
      return { ...failure, metrics: { ...(predictSeconds === undefined ? {} : { predict_time: predictSeconds }), ...metrics } };
    case 'fail_with_predict_time':
      return { ...failure, metrics: { predict_time: predictSeconds ?? LONG_FAILURE_SECONDS, ...metrics } };
    case 'abort':
      return { startsAt: null, outputAt: null, ending: 'aborted', metrics: {} };
    case 'no_metrics':
      return { showMetrics: 'never' };
    case 'late_metrics':
      return { showMetrics: { afterMs: behaviour.metricsDelayMs ?? USUAL_METRICS_DELAY_MS } };
    case 'early_output':
      return { answersWaitAtOutput: true };
    case 'hang':
      return { outputAt: null, endsAt: null };
    default:
      return {};
  }
}

const failure = { ending: 'failed', outputAt: null, error: 'CUDA out of memory.' } as const satisfies Partial<Plan>;
