export const faultKinds = ['latency', '429', '500', '502', 'drop_before', 'drop_after', 'timeout', 'outage'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** Only requests of this method; any when left out. */
  method?: string | undefined;
  /** Only paths that begin so; `/v1` when left out, everything for an outage. */
  path?: string | undefined;
  /** Length of a latency, timeout or outage in milliseconds of real time. */
  ms?: number | undefined;
  /** How many requests it hits; 1 when left out. An outage ends by time alone. */
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

/** What tests want to go wrong with the next requests. Kept in memory only: a restart is a repair. */
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

  /** The oldest fault this request runs into, counted down. */
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
