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
  /** The Replicate account behind it. */
  username: string;
}

export interface Purchase {
  name: string;
  checkoutId: CheckoutId;
  buyer: Buyer;
  /** What the buyer posted; null when a seller's acceptance opened it. */
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

/** What the people of a run know of it, in the order in which it came to be; what is true stands in the database. */
export class Sim {
  readonly purchases: Purchase[] = [];
  readonly bids: Bid[] = [];
  readonly runs: Run[] = [];
  /** Which of the two outside is down, over several steps. */
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

  /** One of them, by the dice; what came last is looked at more often. */
  some<T>(things: readonly T[]): T {
    if (things.length === 0) throw new NothingToDo();
    return this.dice.chance(0.4) ? this.dice.pick(things.slice(-3)) : this.dice.pick(things);
  }

  /** One after another of a list, beginning elsewhere for each seed: what is rare by itself comes in its turn. */
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
  /** How often it is taken, against the others. */
  weight: number;
  /** Which outside it may call: there its answers may be made to go wrong. */
  calls?: 'stripe' | 'replicate';
  /** Crash points that it may pass. */
  mayDieAt?: readonly string[];
  /** Jobs and sweeps: where the outside fails they may throw, since they come again. */
  comesAgain?: true;
  /** Answers in words what was done. Throws a refusal, or NothingToDo. */
  run(sim: Sim): Promise<string>;
}
