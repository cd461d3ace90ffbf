import { startProcess, untilHealthy, untilReady, type RunningProcess } from '../../scripts/children.mjs';

/** A kind of process in the stack, of which several may run; `server` is the whole application. */
export type Part = 'web' | 'gateway' | 'worker' | 'server' | 'stripe-sandbox' | 'replicate-sandbox';

export interface ProcessPlan {
  part: Exclude<Part, 'server'>;
  /** Its file in build/node. */
  program: string;
  env: Record<string, string>;
  /** Answers 2xx once the process is ready; null for a process without HTTP, which reports ready itself. */
  health: string | null;
}

interface Slot {
  plan: ProcessPlan;
  running: RunningProcess | null;
}

/** The processes of one stack. Each part can be stopped and started again. */
export class Processes {
  readonly #slots: Slot[];

  constructor(
    plans: ProcessPlan[],
    private readonly env: Record<string, string>,
    private readonly logs: string,
  ) {
    this.#slots = plans.map((plan) => ({ plan, running: null }));
  }

  /** Starts what is not running. Sandboxes start first, since the others need their addresses. */
  async start(part: Part | 'all', more: Record<string, string> = {}): Promise<void> {
    const waiting = this.#of(part).filter(({ running }) => running === null || hasEnded(running));
    const isOutside = ({ plan }: Slot) => plan.part.endsWith('-sandbox');
    await Promise.all(waiting.filter(isOutside).map((slot) => this.#begin(slot, more)));
    await Promise.all(waiting.filter((slot) => !isOutside(slot)).map((slot) => this.#begin(slot, more)));
  }

  async kill(part: Part): Promise<void> {
    const running = this.#running(part);
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** Stops one process of a part by its index, as in a rolling restart. */
  async haltOne(part: Part, index: number): Promise<void> {
    await this.#of(part)[index]?.running?.stop();
  }

  async halt(part: Part | 'all'): Promise<void> {
    // Stop the application before the services that it calls.
    await Promise.all((part === 'all' ? this.#running('server') : this.#running(part)).map((each) => each.stop()));
    if (part === 'all') await Promise.all(this.#running('all').map((each) => each.stop()));
  }

  async ended(part: Part): Promise<void> {
    await Promise.race(this.#of(part).flatMap(({ running }) => (running ? [running.ended] : [])));
  }

  async #begin(slot: Slot, more: Record<string, string>): Promise<void> {
    const { program, env, health } = slot.plan;
    const started = startProcess({ name: program, env: { ...this.env, ...env, ...more }, logs: this.logs, onTrouble: reportTrouble });
    slot.running = started;
    await (health ? untilHealthy(started, health) : untilReady(started));
  }

  #of(part: Part | 'all'): Slot[] {
    if (part === 'all') return this.#slots;
    if (part === 'server') return this.#slots.filter(({ plan }) => !plan.part.endsWith('-sandbox'));
    return this.#slots.filter(({ plan }) => plan.part === part);
  }

  #running(part: Part | 'all'): RunningProcess[] {
    return this.#of(part).flatMap(({ running }) => (running && !hasEnded(running) ? [running] : []));
  }
}

function hasEnded({ child }: RunningProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Prints the application's errors beside the test that caused them. */
function reportTrouble(line: string): void {
  process.stderr.write(`  ! ${line}\n`);
}
