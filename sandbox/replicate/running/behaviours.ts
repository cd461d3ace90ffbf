import type { Metrics } from '../world/records';

/** Ways a prediction that was accepted may go. */
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
/** Ways a call may be turned away before anything happens. */
export const REFUSAL_KINDS = [
  'http_401',
  'http_402',
  'http_429',
  'http_429_in_body',
  'http_429_low_credit',
  'http_500',
  'drop_before',
] as const;
/** The calls a refusal can be put on. */
export const CALLS = ['create', 'get', 'cancel', 'list', 'account'] as const;

export type RunKind = (typeof RUN_KINDS)[number];
export type RefusalKind = (typeof REFUSAL_KINDS)[number];
export type Call = (typeof CALLS)[number];

/** An order to the sandbox: do this to the next `times` calls that match. */
export interface Behaviour {
  kind: RunKind | RefusalKind;
  username?: string | undefined;
  model?: string | undefined;
  /** Which call it waits for; run kinds always wait for a create. */
  on: Call;
  times: number;
  /** Real milliseconds from creation to the end. */
  delayMs?: number | undefined;
  /** predict_time to report, whatever time really passed. */
  predictSeconds?: number | undefined;
  /** Units produced: images, tokens written, seconds of video or audio, characters. */
  outputCount?: number | undefined;
  /** Metrics to put over the computed ones. */
  metrics?: Metrics | undefined;
  /** For late_metrics: how long after the end they appear, in milliseconds. */
  metricsDelayMs?: number | undefined;
  /** The output as JSON text, instead of the model's own: numbers of any size, half characters. */
  outputJson?: string | undefined;
}

export function isRefusal(kind: Behaviour['kind']): kind is RefusalKind {
  return (REFUSAL_KINDS as readonly string[]).includes(kind);
}

/** The queue of behaviours; the first that matches a call serves it. Not journaled: a restart forgets them. */
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

  /** The behaviour that waits for this call, still in the queue. */
  peek(call: Call, username: string, model: string | undefined): Behaviour | undefined {
    return this.#queue.find(
      (waiting) =>
        waiting.on === call &&
        (waiting.username === undefined || waiting.username === username) &&
        (waiting.model === undefined || waiting.model === model),
    );
  }

  /** Counts one use of a behaviour; the last use takes it out of the queue. */
  use(behaviour: Behaviour): void {
    behaviour.times -= 1;
    if (behaviour.times <= 0) this.#queue = this.#queue.filter((waiting) => waiting !== behaviour);
  }
}
