/** Who asks. `other` is signed in and owns nothing that is asked for; `suspended` still holds the cookie of a sign-in. */
export const roles = ['anonymous', 'other', 'buyer', 'seller', 'admin', 'suspended'] as const;
export type Role = (typeof roles)[number];

/**
 * What a role gets.
 *
 * - `page`: 200 · `absent`: 404, as if it were not there · `signIn`: sent to sign in · `done`: a form that did its work, with a redirect
 *   or a page · a number: that status · a path: a redirect to it.
 */
export type Answer = 'page' | 'absent' | 'signIn' | 'done' | number | `/${string}`;
export type Answers = Record<Role, Answer>;

/** The same for everybody. */
export function everyone(answer: Answer): Answers {
  return { anonymous: answer, other: answer, buyer: answer, seller: answer, admin: answer, suspended: answer };
}

/** Those who are signed in get it; the rest is sent to sign in. A suspended person is nobody. */
export function signedIn(answer: Answer): Answers {
  return { ...everyone(answer), anonymous: 'signIn', suspended: 'signIn' };
}

/** To everybody but an admin it does not exist, signed in or not. */
export function adminsOnly(answer: Answer): Answers {
  return { ...everyone('absent'), admin: answer };
}

/** It belongs to one role; to the other people who are signed in it does not exist. */
export function ownerOnly(owner: Role | null, answer: Answer): Answers {
  return { ...signedIn('absent'), ...(owner && { [owner]: answer }) };
}
