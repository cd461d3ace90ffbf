import { z } from 'zod';

/**
 * Zod's own pattern for lower case, with one more kind of top-level domain: punycode such as `xn--p1ai`, which browsers send for a domain
 * beyond ASCII.
 */
const addressPattern = /^(?:[a-z0-9_'+-]+\.)*[a-z0-9_'+-]*[a-z0-9_+-]@(?:[a-z0-9][a-z0-9-]*\.)+(?:[a-z]{2,}|xn--(?:[a-z0-9]+-)*[a-z0-9]+)$/;

/** A mail address as we keep it: trimmed, lower case. */
export const Email = z
  .string({ error: 'Type your address.' })
  .trim()
  .toLowerCase()
  .max(254, 'An address has at most 254 characters.')
  .pipe(z.email({ pattern: addressPattern, error: 'An address such as ines@example.com.' }));

/** 10 to 200 characters of any kind, since length matters most. */
export const Password = z
  .string({ error: 'A password of at least 10 characters.' })
  .min(10, 'At least 10 characters.')
  .max(200, 'At most 200 characters.');

export const PersonName = z
  .string({ error: 'Type a name.' })
  .trim()
  .min(1, 'Type a name.')
  .max(80, 'At most 80 characters.')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}<>]*$/u, 'Letters, digits and signs, on one line.');

/** The secret part of a link we mailed: 32 random bytes. */
export const LinkToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'This link is not complete. Open it from the mail again, or ask for a new one.');

export const SignUpForm = z.object({ name: PersonName, email: Email, password: Password });
export const SignInForm = z.object({
  email: Email,
  password: z.string({ error: 'Type your password.' }).min(1, 'Type your password.').max(1_000, 'At most 200 characters.'),
});
export const ResetRequestForm = z.object({ email: Email });
export const NewPasswordForm = z.object({ token: LinkToken, password: Password });
export const InvitationForm = z.object({ token: LinkToken, name: PersonName, password: Password });
export const SettingsForm = z.object({ name: PersonName, publicName: PersonName });
