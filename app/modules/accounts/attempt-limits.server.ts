import { manyWrongPasswordsMail } from '~/modules/notifications/mails/accounts';
import { queueMail } from '~/modules/notifications/index.server';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import { clientNetwork } from '~/platform/network';
import { forgetLimit, limit, takeAttempt } from '~/platform/rate-limit.server';
import type { User } from './account-store.server';
import type { Client } from './client';
import { isKnownBrowser } from './known-browsers.server';
import { sha256Hex } from './mail-links.server';

/** An attempt on an address, by a known browser or by a network. */
interface Attempt {
  email: string;
  knownBrowser: boolean;
  /** The key of limits per address and place (browser or network). */
  key: string;
}

const networkKey = ({ ip }: Client) => (ip ? clientNetwork(ip) : 'no network');

async function describeAttempt(ctx: Ctx, email: string, from: Client): Promise<Attempt> {
  const knownBrowser = await isKnownBrowser(ctx, email, from);
  return { email, knownBrowser, key: `${email} ${knownBrowser ? sha256Hex(from.browser ?? '') : networkKey(from)}` };
}

const WITHOUT_WAITING = ', sign in from a browser that you used before, or choose a new password by mail';

/**
 * Limits sign-in attempts. A known browser has its own limit; others are limited by address and network, by network, and by address over
 * all networks. @throws DomainError 429, 503.
 */
export async function limitSignIn(ctx: Ctx, email: string, from: Client): Promise<Attempt> {
  const attempt = await describeAttempt(ctx, email, from);
  if (!attempt.knownBrowser) {
    if (from.ip) await limit(ctx, 'sign_in_network', networkKey(from));
    await limit(ctx, 'sign_in', attempt.key);
    await limit(ctx, 'sign_in_address', email, WITHOUT_WAITING);
  } else await limit(ctx, 'sign_in', attempt.key);
  return attempt;
}

export async function forgetSignInAttempts(ctx: Ctx, { key }: Attempt): Promise<void> {
  await forgetLimit(ctx, 'sign_in', key);
}

/** Counts a wrong password. After many, mails the owner of a verified account, once a day. */
export async function noteWrongPassword(ctx: Ctx, email: string, user: User | null): Promise<void> {
  if (await takeAttempt(ctx, 'wrong_password', email)) return;
  if (!user?.verifiedAt || !(await takeAttempt(ctx, 'wrong_password_mail', email))) return;
  const mail = manyWrongPasswordsMail({ resetUrl: `${ctx.config.publicUrl}${paths.reset()}` });
  await atomic(ctx, (tx) => queueMail(tx, { to: user.email, ...mail }));
}

/**
 * Limits requests for a new password. False: mail nothing, since the mailbox has twenty working links of the last hour.
 * @throws DomainError 429, 503.
 */
export async function limitReset(ctx: Ctx, email: string, from: Client): Promise<boolean> {
  const { key, knownBrowser } = await describeAttempt(ctx, email, from);
  if (from.ip && !knownBrowser) await limit(ctx, 'reset_network', networkKey(from));
  await limit(ctx, 'reset', key);
  return knownBrowser || takeAttempt(ctx, 'reset_mail', email);
}

/** Limits sign-ups. @throws DomainError 429, 503. */
export async function limitSignUp(ctx: Ctx, email: string, from: Client): Promise<void> {
  if (from.ip) await limit(ctx, 'sign_up_network', networkKey(from));
  await limit(ctx, 'sign_up', `${email} ${networkKey(from)}`);
  await limit(ctx, 'sign_up_mail', email, ', or open the link in the newest mail to this address');
}
