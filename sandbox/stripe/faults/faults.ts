export const faultKinds = ['latency', '429', '500', '502', 'drop_before', 'drop_after', 'timeout', 'outage'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** The method of the requests to hit; any if missing. */
  method?: string | undefined;
  /** The path prefix of the requests to hit; `/v1` if missing, all paths for an outage. */
  path?: string | undefined;
  /** The length of a latency, timeout or outage in milliseconds of real time. */
  ms?: number | undefined;
  /** How many requests it hits; 1 if missing. An outage ends by time only. */
  times?: number | undefined;
}

export interface Fault {
  kind: FaultKind;
  method: string | undefined;
  path: string;
  ms: number;
  times: number;
  /** Real time, milliseconds. */
  endsAt: number;
}

const usualMs: Partial<Record<FaultKind, number>> = { latency: 1_000, timeout: 120_000, outage: 60_000 };

/** Faults for the next requests, in memory only: a restart removes them. */
export class Faults {
  #pending: Fault[] = [];

  add(request: FaultRequest): Fault {
    const outage = request.kind === 'outage';
    const ms = request.ms ?? usualMs[request.kind] ?? 0;
    const fault: Fault = {
      kind: request.kind,
      method: request.method?.toUpperCase(),
      path: request.path ?? (outage ? '/' : '/v1'),
      ms,
      times: outage ? Infinity : (request.times ?? 1),
      endsAt: outage ? Date.now() + ms : Infinity,
    };
    this.#pending.push(fault);
    return fault;
  }

  clear(): void {
    this.#pending = [];
  }

  list(): Fault[] {
    this.#dropSpent();
    return [...this.#pending];
  }

  /** The oldest fault that matches this request; counts it down. */
  take(method: string, path: string): Fault | undefined {
    if (this.#pending.length === 0) return undefined;
    this.#dropSpent();
    const fault = this.#pending.find((candidate) => (candidate.method ?? method) === method && path.startsWith(candidate.path));
    if (fault !== undefined) fault.times -= 1;
    return fault;
  }

  #dropSpent(): void {
    this.#pending = this.#pending.filter((fault) => fault.times > 0 && fault.endsAt > Date.now());
  }
}
