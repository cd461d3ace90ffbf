import type { Dice } from '~db/seed/random';
import type { StartCheckoutInput } from '~/workflows/paying/buy-form';
import type { Ctx } from '~/platform/context';
import type { CheckoutId, ListingId, OfferId } from '~/platform/ids';
import { NothingToDo } from './outcome';
import type { Buyer, People, Person } from './people';
import type { World } from './world';

export interface Lot {
  name: string;
  listingId: ListingId;
  seller: Person;
  /** The Replicate account behind the lot. */
  username: string;
}

export interface Purchase {
  name: string;
  checkoutId: CheckoutId;
  buyer: Buyer;
  /** The form that the buyer posted; null when a seller's acceptance opened the checkout. */
  form: StartCheckoutInput | null;
}

export interface Bid {
  name: string;
  offerId: OfferId;
  buyer: Buyer;
  lot: Lot;
}

export interface Run {
  name: string;
  predictionId: string;
  buyer: Buyer;
}

/** What the people of a run know, oldest first. The truth is in the database. */
export class Sim {
  readonly purchases: Purchase[] = [];
  readonly bids: Bid[] = [];
  readonly runs: Run[] = [];
  /** Which of Stripe and Replicate is down, over several steps. */
  readonly down = new Set<'stripe' | 'replicate'>();
  private forms = 0;
  private readonly turns = new Map<readonly unknown[], number>();

  constructor(
    readonly seed: number,
    readonly dice: Dice,
    readonly world: World,
    readonly people: People,
    readonly lots: Lot[],
  ) {}

  as(person: Person): Ctx {
    return this.world.as(person.actor);
  }

  /** Picks one at random, the newest more often. */
  some<T>(things: readonly T[]): T {
    if (things.length === 0) throw new NothingToDo();
    return this.dice.chance(0.4) ? this.dice.pick(things.slice(-3)) : this.dice.pick(things);
  }

  /** Goes through a list in turn, from a start that depends on the seed, so that rare things are tried too. */
  next<T>(things: readonly T[]): T {
    const turn = this.turns.get(things) ?? 0;
    this.turns.set(things, turn + 1);
    const thing = things[(this.seed + turn) % things.length];
    if (thing === undefined) throw new RangeError('Nothing to take in turn.');
    return thing;
  }

  newForm(): string {
    this.forms += 1;
    return `form-${this.seed}-${this.forms}`;
  }

  addPurchase(purchase: Omit<Purchase, 'name'>): Purchase {
    const known = this.purchases.find(({ checkoutId }) => checkoutId === purchase.checkoutId);
    if (known) return known;
    const added = { ...purchase, name: `checkout ${this.purchases.length + 1}` };
    this.purchases.push(added);
    return added;
  }

  addRun(run: Omit<Run, 'name'>): Run {
    const known = this.runs.find(({ predictionId }) => predictionId === run.predictionId);
    if (known) return known;
    const added = { ...run, name: `run ${this.runs.length + 1}` };
    this.runs.push(added);
    return added;
  }
}

export interface Action {
  name: string;
  /** The weight of the action against the others. */
  weight: number;
  /** The outside services that it may call, where faults can be injected. */
  calls?: 'stripe' | 'replicate';
  /** The crash points that it may pass. */
  mayDieAt?: readonly string[];
  /** True for jobs and sweeps: they may throw during an outside failure, since they are retried. */
  comesAgain?: true;
  /** Does the action and describes it in words. Throws a refusal, or NothingToDo. */
  run(sim: Sim): Promise<string>;
}
