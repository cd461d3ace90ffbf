/** The same text whether or not the address is known. */
export const mailSent = 'We sent you a mail';

/**
 * Where to go after signing in: a path of this site, or home. Refuses anything that a browser could read as another site (`//host`,
 * `/\host`, control characters, an absolute URL).
 */
export function ownPath(next: string | null | undefined, home = '/'): string {
  if (!next || next.length > 500 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)) return home;
  return next;
}
