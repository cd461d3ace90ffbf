import type { z } from 'zod';
import type { Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import type { UserId } from '~/platform/ids';
import { SignInForm } from './account-rules';
import { findCredentials, findUser } from './account-store.server';
import { forgetSignInAttempts, limitSignIn, noteWrongPassword } from './attempt-limits.server';
import type { Client } from './client';
import { rememberBrowser } from './known-browsers.server';
import { isPassword } from './passwords.server';
import { startSignIn } from './sign-in-session.server';

function suspended(ctx: Ctx): DomainError {
  return new DomainError(
    'suspended',
    `This account is suspended, so it cannot sign in. Write to ${ctx.config.contactEmail}, and we look at it again.`,
    403,
  );
}

/**
 * Signs in by address and password with a new session id. Returns the cookie to set. An unknown address and a wrong password give the
 * same error after the same time; a suspension is revealed only after the right password.
 * @throws DomainError 422, 403, 429, 503.
 */
export async function signIn(
  ctx: Ctx,
  input: z.input<typeof SignInForm>,
  from: Client & { cookieHeader: string | null },
): Promise<{ userId: UserId; setCookie: string }> {
  const { email, password } = SignInForm.parse(input);
  const attempt = await limitSignIn(ctx, email, from);
  const { user, hash } = await findCredentials(ctx, email);
  const right = await isPassword(ctx, hash, password);
  if (!user || !right) {
    await noteWrongPassword(ctx, email, user);
    throw new DomainError('wrong_sign_in', 'The address or the password is not right.', 422);
  }
  if (user.suspendedAt) throw suspended(ctx);
  await forgetSignInAttempts(ctx, attempt);
  await rememberBrowser(ctx, user.id, from);
  return { userId: user.id, setCookie: await startSignIn(ctx, user.id, from.cookieHeader) };
}

/** Signs in a person who has just opened a mail link in the browser that asked for it. */
export async function signInByLink(
  ctx: Ctx,
  userId: UserId,
  from: Pick<Client, 'browser'> & { cookieHeader: string | null },
): Promise<string> {
  const user = await findUser(ctx, userId);
  if (!user || user.suspendedAt) throw suspended(ctx);
  await rememberBrowser(ctx, userId, from);
  return startSignIn(ctx, userId, from.cookieHeader);
}
