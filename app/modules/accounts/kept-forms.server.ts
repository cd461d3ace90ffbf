import { randomBytes } from 'node:crypto';
import { and, eq, gt, inArray, lte } from 'drizzle-orm';
import { keptForms } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addMs, DAY_MS, HOUR_MS } from '~/platform/dates';
import { clientNetwork } from '~/platform/network';
import { limit } from '~/platform/rate-limit.server';
import { sha256Hex } from './mail-links.server';

/** An hour longer than the link of the verification mail works, since that leads back to the form. */
const LIFETIME_MS = DAY_MS + HOUR_MS;
const LARGEST_BYTES = 3_000;

export type KeptFields = Record<string, string>;

/**
 * Keeps what a visitor posted for the way back from signing in or up. The caller leaves out what is secret and what is a consent. Answers the
 * token for the page's address; null when it is too much to keep. @throws 429, 503.
 */
export async function keepForm(ctx: Ctx, form: { path: string; fields: KeptFields }, ip: string): Promise<string | null> {
  if (Buffer.byteLength(JSON.stringify(form.fields)) > LARGEST_BYTES) return null;
  await limit(ctx, 'kept_form', ip ? clientNetwork(ip) : 'no network');
  const token = randomBytes(32).toString('base64url');
  await ctx.db.insert(keptForms).values({ ...form, hash: sha256Hex(token), expiresAt: addMs(ctx.now, LIFETIME_MS) });
  return token;
}

/** What was typed on this page before signing in; null when the token is unknown, another page's, or too old. */
export async function findKeptForm(ctx: Ctx, token: string | null, path: string): Promise<KeptFields | null> {
  if (token === null || !/^[\w-]{43}$/.test(token)) return null;
  const [row] = await ctx.db
    .select({ fields: keptForms.fields })
    .from(keptForms)
    .where(and(eq(keptForms.hash, sha256Hex(token)), eq(keptForms.path, path), gt(keptForms.expiresAt, ctx.now)));
  return row?.fields ?? null;
}

/** Deletes what is too old, some at a time. */
export async function forgetKeptForms(ctx: Ctx): Promise<void> {
  const old = ctx.db.select({ hash: keptForms.hash }).from(keptForms).where(lte(keptForms.expiresAt, ctx.now)).limit(5_000);
  await ctx.db.delete(keptForms).where(inArray(keptForms.hash, old));
}
