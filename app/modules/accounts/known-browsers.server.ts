import { and, eq, lt, ne } from 'drizzle-orm';
import { knownBrowsers, users } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addMs, DAY_MS } from '~/platform/dates';
import type { UserId } from '~/platform/ids';
import type { Client } from './client';
import { sha256Hex } from './mail-links.server';

const FORGOTTEN_AFTER_MS = 365 * DAY_MS;

/** Makes the browser known to this account after a sign-in, so that wrong passwords elsewhere do not block it. */
export async function rememberBrowser(ctx: Ctx, userId: UserId, { browser }: Pick<Client, 'browser'>): Promise<void> {
  if (browser === null) return;
  await ctx.db
    .insert(knownBrowsers)
    .values({ userId, browserHash: sha256Hex(browser), seenAt: ctx.now })
    .onConflictDoUpdate({ target: [knownBrowsers.userId, knownBrowsers.browserHash], set: { seenAt: ctx.now } });
}

/** Whether the account of an address was signed in to from this browser before. */
export async function isKnownBrowser(ctx: Ctx, email: string, { browser }: Pick<Client, 'browser'>): Promise<boolean> {
  const rows = await ctx.db
    .select({ userId: knownBrowsers.userId })
    .from(knownBrowsers)
    .innerJoin(users, eq(users.id, knownBrowsers.userId))
    .where(and(eq(users.email, email), eq(knownBrowsers.browserHash, sha256Hex(browser ?? ''))));
  return rows.length > 0;
}

/** Forgets all known browsers except the one in which a new password was chosen. */
export async function forgetOtherBrowsers(ctx: Ctx, userId: UserId, { browser }: Pick<Client, 'browser'>): Promise<void> {
  await ctx.db.delete(knownBrowsers).where(and(eq(knownBrowsers.userId, userId), ne(knownBrowsers.browserHash, sha256Hex(browser ?? ''))));
}

/** Deletes browsers unused for a year; their cookie lasts as long. */
export async function deleteStaleBrowsers(ctx: Ctx): Promise<void> {
  await ctx.db.delete(knownBrowsers).where(lt(knownBrowsers.seenAt, addMs(ctx.now, -FORGOTTEN_AFTER_MS)));
}
