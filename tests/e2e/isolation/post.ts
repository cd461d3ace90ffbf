import type { Cast } from './cast';
import { ownerOnly, type Answers, type Role } from './roles';

export type Body = Record<string, string>;

/** One form of a route: its URL, what a person would post, and the expected answer for each role. */
export interface Post {
  what: string;
  at(cast: Cast): string;
  body(cast: Cast, role: Role): Body | Promise<Body>;
  gets: Answers;
  /** The form works without changing the database. */
  keeps?: true;
}

/** Every form by its route id. `null`: the page has no form, so a POST is 405. */
export type FormRows = Record<string, Post[] | null>;

export const nobody = ownerOnly(null, 'done');

export function aboutOffer(at: string, intent: string, offer: (cast: Cast) => string, gets: Answers): Post {
  return { what: intent, at: () => at, body: (cast) => ({ intent, offerId: offer(cast) }), gets };
}
