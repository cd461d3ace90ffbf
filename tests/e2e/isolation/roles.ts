/** The roles of the matrix. `other` is signed in and owns none of the test objects; `suspended` still has a session cookie. */
export const roles = ['anonymous', 'other', 'buyer', 'seller', 'admin', 'suspended'] as const;
export type Role = (typeof roles)[number];

/**
 * The expected answer for a role.
 *
 * - `page`: 200 · `absent`: 404, as if it did not exist · `signIn`: redirect to sign-in · `done`: the form worked, with a redirect
 *   or a page · a number: that status · a path: a redirect to it.
 */
export type Answer = 'page' | 'absent' | 'signIn' | 'done' | number | `/${string}`;
export type Answers = Record<Role, Answer>;

/** The same answer for every role. */
export function everyone(answer: Answer): Answers {
  return { anonymous: answer, other: answer, buyer: answer, seller: answer, admin: answer, suspended: answer };
}

/** Signed-in people get the answer; others are sent to sign in. A suspended person counts as a visitor. */
export function signedIn(answer: Answer): Answers {
  return { ...everyone(answer), anonymous: 'signIn', suspended: 'signIn' };
}

/** 404 for everyone but admins, signed in or not. */
export function adminsOnly(answer: Answer): Answers {
  return { ...everyone('absent'), admin: answer };
}

/** One role owns it; other signed-in people get 404. */
export function ownerOnly(owner: Role | null, answer: Answer): Answers {
  return { ...signedIn('absent'), ...(owner && { [owner]: answer }) };
}
