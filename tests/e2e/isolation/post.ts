import type { Cast } from './cast';
import { ownerOnly, type Answers, type Role } from './roles';

export type Body = Record<string, string>;

/** One form of a route: where it posts, what a person would post, and what each role gets. */
export interface Post {
  what: string;
  at(cast: Cast): string;
  body(cast: Cast, role: Role): Body | Promise<Body>;
  gets: Answers;
  /** It does its work without a row in the database. */
  keeps?: true;
}

/** Every form by its route's id. `null`: the page has none, so a POST is 405. */
export type FormRows = Record<string, Post[] | null>;

export const nobody = ownerOnly(null, 'done');

export function aboutOffer(at: string, intent: string, offer: (cast: Cast) => string, gets: Answers): Post {
  return { what: intent, at: () => at, body: (cast) => ({ intent, offerId: offer(cast) }), gets };
}
