import type { Sweep } from '~/jobs/job';
import { sweeps } from '~/jobs/registry';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { Crashed, NothingToDo } from '../outcome';
import type { Action, Sim } from '../sim';
import type { QueuedRow } from '../world';

/** The simulator checks the invariants itself, after each step. */
const kept = sweeps.filter(({ name }) => name !== 'check-invariants');

/** A job or sweep is retried, by another process if its own was killed. */
const lasting = { calls: 'stripe', mayDieAt: ['stripe:before-outcome', 'payment:before-taken'], comesAgain: true } as const;

/** Picks the first, middle or last job, since several processes take jobs at once. */
function takeOne(sim: Sim, jobs: QueuedRow[]): QueuedRow {
  return jobs.splice(sim.dice.below(jobs.length), 1)[0] ?? jobs[0]!;
}

const work: Action = {
  name: 'work off jobs',
  weight: 13,
  ...lasting,
  run: async (sim) => {
    const jobs = await sim.world.waitingJobs();
    const mails = jobs.filter(({ task }) => task.includes('mail'));
    const others = jobs.filter((job) => !mails.includes(job));
    const done: string[] = [];
    while (others.length > 0 && done.length < 6) {
      const job = takeOne(sim, others);
      await sim.world.workOff(job);
      done.push(job.task);
    }
    for (const mail of mails.slice(0, 2)) await sim.world.workOff(mail);
    if (done.length === 0) throw new NothingToDo();
    return `works off ${done.join(', ')}`;
  },
};

/** Runs a job twice, as after a worker that died before it marked the job done. */
const workTwice: Action = {
  name: 'do a job twice',
  weight: 6,
  calls: 'stripe',
  comesAgain: true,
  run: async (sim) => {
    const jobs = (await sim.world.waitingJobs()).filter(({ task }) => !task.includes('mail'));
    const job = sim.some(jobs);
    await Promise.all([sim.world.workOff(job), sim.world.workOff(job)]);
    return `${job.task} is done twice at once`;
  },
};

const sweep: Action = {
  name: 'run a sweep',
  weight: 6,
  ...lasting,
  run: async (sim) => {
    const { name } = sim.dice.pick(kept);
    await sim.world.sweep(name);
    return `the sweep ${name} comes round`;
  },
};

/** Adds burned amounts to lots and sellers. */
const count: Action = {
  name: 'count what was burned',
  weight: 10,
  comesAgain: true,
  mayDieAt: ['burns.counted'],
  run: async (sim) => {
    await sim.world.sweep('count-burns');
    return 'what was burned is counted';
  },
};

const reconcile: Action = {
  name: 'look after open runs',
  weight: 6,
  calls: 'replicate',
  comesAgain: true,
  run: async (sim) => {
    if (sim.runs.length === 0) throw new NothingToDo();
    sim.world.moveClock(MINUTE_MS);
    await sim.world.sweep('reconcile-runs');
    return 'runs that nobody told of are looked up';
  },
};

const SPANS = [5 * MINUTE_MS, 45 * MINUTE_MS, 90 * MINUTE_MS, 6 * HOUR_MS, 25 * HOUR_MS, 3 * DAY_MS, 9 * DAY_MS, 30 * DAY_MS] as const;

/** Runs only a few times a day, because it asks Replicate for every model and slows the simulator. */
const isRare = ({ everySeconds }: Sweep) => everySeconds > HOUR_MS / 1_000;

/** Runs every due sweep in random order. A failing sweep does not stop the others; outside an outage it is a defect. */
export async function sweepAll(sim: Sim): Promise<void> {
  const left = kept.filter((each) => !isRare(each) || sim.world.isDue(each)).map(({ name }) => name);
  const failures: unknown[] = [];
  while (left.length > 0) {
    const [name] = left.splice(sim.dice.below(left.length), 1);
    if (name) await sim.world.sweep(name).catch((error: unknown) => failures.push(error));
    if (failures.at(-1) instanceof Crashed) throw failures.at(-1);
  }
  if (failures.length > 0 && sim.down.size === 0) throw failures[0];
}

/** Moves the clock, with the sweeps running on schedule. */
export async function letPass(sim: Sim, ms: number): Promise<void> {
  sim.world.moveClock(ms);
  await sweepAll(sim);
}

const wait: Action = {
  name: 'let time go by',
  weight: 4,
  run: async (sim) => {
    const span = sim.dice.pick(sim.dice.chance(0.8) ? SPANS.slice(0, 5) : SPANS);
    await letPass(sim, span);
    return `${Math.round(span / MINUTE_MS)} minutes go by`;
  },
};

const outage: Action = {
  name: 'the outside goes down or comes back',
  weight: 2,
  run: (sim) => {
    const { stripe, replicate } = sim.world;
    if (sim.down.size > 0) {
      comeBack(sim);
      return Promise.resolve('Stripe and Replicate answer again');
    }
    const which = sim.dice.pick(['stripe', 'replicate', 'both'] as const);
    if (which !== 'replicate') stripe.control.addFault({ kind: 'outage', ms: DAY_MS });
    if (which !== 'stripe') replicate.control.startOutage({ ms: DAY_MS, mode: sim.dice.chance(0.5) ? 'error' : 'reset' });
    for (const each of ['stripe', 'replicate'] as const) if (which === each || which === 'both') sim.down.add(each);
    return Promise.resolve(`${which === 'both' ? 'Stripe and Replicate are' : `${which} is`} down`);
  },
};

export function comeBack(sim: Sim): void {
  sim.world.stripe.control.clearFaults();
  sim.world.replicate.control.startOutage({ ms: 0 });
  sim.down.clear();
}

export const keeping = [work, workTwice, sweep, count, reconcile, wait, outage];
