import type { Actor, Ctx } from '~/platform/context';
import { addDays, addMs, HOUR_MS } from '~/platform/dates';
import type { ListingId } from '~/platform/ids';
import type { Services } from '~/services.server';
import type { PlannedLot } from './market-plan';
import type { Person } from './people';
import type { Dice } from './random';
import type { Sandboxes } from './sandboxes';

export interface SeededLot {
  plan: PlannedLot;
  listingId: ListingId;
  seller: Person;
  token: string;
}

/** The state of the seed while the market's days pass. */
export interface World {
  services: Services;
  clock: MovedClock;
  dice: Dice;
  outside: Sandboxes;
  admin: Person;
  sellers: Map<string, Person>;
  buyers: Person[];
  demoBuyer: Person;
  lots: SeededLot[];
}

/** The seed's clock: it moves only when told to, and ends at the real time. */
export class MovedClock {
  private current: Date;

  constructor(
    private readonly today: Date,
    daysAgo: number,
  ) {
    this.current = addDays(today, -daysAgo);
  }

  now(): Date {
    return this.current;
  }

  /** Forward only, up to the real time. */
  moveTo(daysAgo: number, hour: number): void {
    const at = addMs(addDays(new Date(`${this.today.toISOString().slice(0, 10)}T00:00:00Z`), -daysAgo), hour * HOUR_MS);
    if (at > this.current) this.current = at < this.today ? at : this.today;
  }

  moveBy(ms: number): void {
    const at = addMs(this.current, ms);
    this.current = at < this.today ? at : this.today;
  }
}

export function as(world: World, person: { actor: Actor }): Ctx {
  return world.services.ctxFor(person.actor);
}

export function asTheSystem(world: World): Ctx {
  return world.services.ctxFor({ kind: 'system', name: 'seed' });
}
