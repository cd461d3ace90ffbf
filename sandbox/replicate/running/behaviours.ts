import type { Metrics } from '../world/records';

/** How an accepted prediction may go. */
export const RUN_KINDS = [
  'succeed',
  'fail',
  'fail_with_predict_time',
  'abort',
  'no_metrics',
  'late_metrics',
  'early_output',
  'hang',
  'accept_then_reset',
] as const;
/** How a call may be refused before anything happens. */
export const REFUSAL_KINDS = [
  'http_401',
  'http_402',
  'http_429',
  'http_429_in_body',
  'http_429_low_credit',
  'http_500',
  'drop_before',
] as const;
/** The calls that a refusal can apply to. */
export const CALLS = ['create', 'get', 'cancel', 'list', 'account'] as const;

export type RunKind = (typeof RUN_KINDS)[number];
export type RefusalKind = (typeof REFUSAL_KINDS)[number];
export type Call = (typeof CALLS)[number];

/** A behaviour for the next `times` matching calls. */
export interface Behaviour {
  kind: RunKind | RefusalKind;
  username?: string | undefined;
  model?: string | undefined;
  /** The call that it applies to; run kinds always apply to a create. */
  on: Call;
  times: number;
  /** Real milliseconds from creation to the end. */
  delayMs?: number | undefined;
  /** The predict_time to report, whatever time really passed. */
  predictSeconds?: number | undefined;
  /** Units produced: images, tokens written, seconds of video or audio, characters. */
  outputCount?: number | undefined;
  /** Metrics that override the computed ones. */
  metrics?: Metrics | undefined;
  /** For late_metrics: how many milliseconds after the end they appear. */
  metricsDelayMs?: number | undefined;
  /** The output as JSON text instead of the model's own, for example numbers of any size or lone surrogates. */
  outputJson?: string | undefined;
}

export function isRefusal(kind: Behaviour['kind']): kind is RefusalKind {
  return (REFUSAL_KINDS as readonly string[]).includes(kind);
}

/** The queue of behaviours; the first that matches a call is used. Not in the journal: a restart loses them. */
export class Behaviours {
  #queue: Behaviour[] = [];

  add(behaviour: Behaviour): void {
    this.#queue.push({ ...behaviour });
  }

  clear(): void {
    this.#queue = [];
  }

  list(): readonly Behaviour[] {
    return this.#queue;
  }

  /** The first behaviour that matches this call; it stays in the queue. */
  peek(call: Call, username: string, model: string | undefined): Behaviour | undefined {
    return this.#queue.find(
      (waiting) =>
        waiting.on === call &&
        (waiting.username === undefined || waiting.username === username) &&
        (waiting.model === undefined || waiting.model === model),
    );
  }

  /** Counts one use of a behaviour; the last use removes it from the queue. */
  use(behaviour: Behaviour): void {
    behaviour.times -= 1;
    if (behaviour.times <= 0) this.#queue = this.#queue.filter((waiting) => waiting !== behaviour);
  }
}
