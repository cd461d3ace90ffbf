import { dice, type Dice } from '~db/seed/random';
import { sweepAll } from './actions/keeping';
import { firstPurchases } from './actions/first-purchases';
import { bidding } from './actions/bidding';
import { burning } from './actions/burning';
import { buying } from './actions/buying';
import { keeping } from './actions/keeping';
import { moderating } from './actions/moderating';
import { selling } from './actions/selling';
import { telling } from './actions/telling';
import { check } from './checks';
import { Coverage } from './coverage';
import { Crashed, Defect, inWords, isRefusal, NothingToDo } from './outcome';
import { endQuietly } from './quiet-end';
import { Sim, type Action } from './sim';
import { allTroubles, clearTrouble, possibleTroubles, type Trouble } from './trouble';
import { World } from './world';
import type { Settlement } from './settlement';

const actions: Action[] = [...selling, ...moderating, ...buying, ...bidding, ...burning, ...telling, ...keeping];
const crashes = [...new Set(actions.flatMap(({ mayDieAt = [] }) => mayDieAt))];

export const newCoverage = () =>
  new Coverage(
    actions.map(({ name }) => name),
    [...allTroubles.map(({ name }) => name), ...crashes.map((label) => `killed at ${label}`)],
  );

/** A defect that a run found, with all that is needed to repeat it. */
export class SimulationFailed extends Error {}

export interface Run {
  seed: number;
  steps: number;
  coverage?: Coverage;
  /** Half of the steps choose actions and faults that have not happened yet, instead of random ones. */
  seeking?: boolean;
  say?: (line: string) => void;
}

/** One run from a seed: opens a market, takes `steps` random steps, then ends quietly. @throws SimulationFailed */
export async function simulate(
  settlement: Settlement,
  { seed, steps, coverage = newCoverage(), seeking = false, say }: Run,
): Promise<void> {
  const world = await World.open(settlement.cluster, `simulator-${seed}`);
  const people = settlement.people();
  const sim = new Sim(seed, dice(seed), world, people, settlement.firstLots(people, world.replicate));
  const told: string[] = [];
  const tell = (line: string) => {
    told.push(line);
    say?.(line);
  };
  try {
    await firstPurchases(sim);
    for (let step = 1; step <= steps; step += 1)
      await takeStep(sim, coverage, seeking, (line) => tell(`${String(step).padStart(4)}  ${line}`));
    tell(' end  everything comes to rest');
    await endQuietly(sim);
    judgeLog(sim, false);
  } catch (error) {
    throw new SimulationFailed(report({ seed, steps, seeking }, told, error, world.errors), { cause: error });
  } finally {
    world.process.arm(undefined);
    await world.close();
  }
}

async function takeStep(sim: Sim, coverage: Coverage, seeking: boolean, tell: (line: string) => void): Promise<void> {
  sim.world.moveClock((2 + sim.dice.below(20)) * 1_000);
  for (let tries = 0; tries < 12; tries += 1) {
    const sought = (seeking && sim.dice.chance(0.5) && soughtAction(sim, coverage)) || null;
    const { action, trouble, crash } = sought ?? drawnAction(sim);
    const accidents = [
      ...(trouble ? [trouble.name] : []),
      ...(crash ? [`to be killed at ${crash}`] : []),
      ...[...sim.down].map((one) => `${one} down`),
    ];
    const words = await attempt(sim, action, { trouble, crash, coverage }).catch((error: unknown) => {
      tell(`${action.name}${accidents.length > 0 ? ` [${accidents.join(', ')}]` : ''} → ${inWords(error)}`);
      throw error;
    });
    if (words === null) continue;
    tell(`${words}${accidents.length > 0 ? ` [${accidents.join(', ')}]` : ''}`);
    judgeLog(sim, accidents.length > 0);
    return check(sim);
  }
}

interface Drawn {
  action: Action;
  trouble: Trouble | null;
  /** The crash point at which the process is killed. */
  crash: string | undefined;
}

function drawnAction(sim: Sim): Drawn {
  const action = weighted(sim.dice);
  const troubles = possibleTroubles(action);
  const trouble = sim.dice.chance(0.4) && troubles.length > 0 ? sim.next(troubles) : null;
  const crash = action.mayDieAt && sim.dice.chance(0.25) ? sim.next(action.mayDieAt) : undefined;
  return { action, trouble, crash };
}

/** Picks an action that has not happened yet, with a fault or crash that has not. */
function soughtAction(sim: Sim, coverage: Coverage): Drawn | null {
  const lacking = actions.flatMap((action): Drawn[] => {
    const trouble = possibleTroubles(action).find(({ name }) => coverage.lacks(name)) ?? null;
    const crash = trouble ? undefined : action.mayDieAt?.find((label) => coverage.lacks(`killed at ${label}`));
    return trouble || crash || coverage.lacks(action.name) ? [{ action, trouble, crash }] : [];
  });
  return lacking.length > 0 ? sim.dice.pick(lacking) : null;
}

interface Accident extends Omit<Drawn, 'action'> {
  coverage: Coverage;
}

/** Does the action and says how it went; null when nothing fits it. An undefined answer is thrown. */
async function attempt(sim: Sim, action: Action, { trouble, crash, coverage }: Accident): Promise<string | null> {
  const { process } = sim.world;
  trouble?.arm(sim);
  process.arm(crash);
  try {
    const words = await Promise.race([action.run(sim), process.killed]);
    coverage.count(action.name, 'done');
    return words;
  } catch (error) {
    if (error instanceof NothingToDo) return null;
    if (error instanceof Crashed || process.isDead()) {
      coverage.strike(`killed at ${crash ?? ''}`);
      await rise(sim);
      return `${action.name}: the process was killed at ${crash ?? ''}, another took its place`;
    }
    if (isRefusal(error)) {
      coverage.count(action.name, 'refused');
      coverage.refuse('code' in error ? error.code : action.name);
      return `${action.name}: refused, ${inWords(error)}`;
    }
    if (action.comesAgain && (trouble !== null || sim.down.size > 0 || isOfStripe(inWords(error)))) {
      coverage.count(action.name, 'postponed');
      return `${action.name}: comes again, ${inWords(error)}`;
    }
    throw error;
  } finally {
    if (trouble?.struck(sim)) coverage.strike(trouble.name);
    clearTrouble(sim);
    sim.world.process.arm(undefined);
  }
}

/** A new process runs every sweep first, as workers do. */
async function rise(sim: Sim): Promise<void> {
  sim.world.errors.length = 0;
  clearTrouble(sim);
  await sim.world.restart();
  await sweepAll(sim);
}

/** Stripe repeats a stored 500 for a day, so the refund is retried until then. */
const isOfStripe = (words: string) => words.includes('Stripe did not take the refund');
/** The provider charged more than its price list. The exposure is recorded and a person is notified. */
const expected = ['a run cost more than was authorized for it'];

/** An error logged by a sweep is a defect, unless there was a fault outside. */
function judgeLog(sim: Sim, troubled: boolean): void {
  const lines = sim.world.errors.splice(0);
  const unexpected = lines.find((line) => !expected.some((words) => line.includes(words)) && !isOfStripe(line));
  if (unexpected && !troubled) throw new Defect(`the application logged an error: ${unexpected.trim()}`);
}

function weighted(dice_: Dice): Action {
  let at = dice_.below(actions.reduce((sum, { weight }) => sum + weight, 0));
  for (const action of actions) if ((at -= action.weight) < 0) return action;
  throw new RangeError('the weights have a sum');
}

function report({ seed, steps, seeking }: Run, told: string[], error: unknown, logged: string[]): string {
  const stack = error instanceof Defect || !(error instanceof Error) ? '' : `\n${error.stack ?? ''}`;
  return [
    `seed ${seed} fails at step ${told.filter((line) => !line.startsWith(' end')).length} of ${steps}: ${inWords(error)}${stack}`,
    ...logged.map((line) => `      the application logged: ${line.trim().slice(0, 1_500)}`),
    ...told,
    seeking
      ? 'Again: this seed sought what those before it had left out, so they have to run, too'
      : `Again: npm run sim -- --seed ${seed} --steps ${steps}`,
  ].join('\n');
}
