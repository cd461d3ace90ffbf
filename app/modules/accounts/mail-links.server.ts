import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull } from 'drizzle-orm';
import { mailLinks } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addMs, DAY_MS, HOUR_MS } from '~/platform/dates';
import { DomainError } from '~/platform/errors';

export type MailLink = typeof mailLinks.$inferSelect;
type Purpose = MailLink['purpose'];

const lifetimeMs: Record<Purpose, number> = { verify: DAY_MS, reset: HOUR_MS, invite: 7 * DAY_MS };

export const sha256Hex = (secret: string) => createHash('sha256').update(secret).digest('hex');

/**
 * Creates a link and returns its token; only the hash is stored. It voids earlier links of the same purpose, except those for a new
 * password: a stranger's request must not void the owner's.
 */
export async function issueLink(
  tx: Ctx,
  link: Pick<MailLink, 'purpose' | 'userId' | 'email'> & { browser: string | null },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const { purpose, userId, email, browser } = link;
  if (purpose !== 'reset') await voidLinks(tx, email, purpose);
  await tx.db.insert(mailLinks).values({
    hash: sha256Hex(token),
    purpose,
    userId,
    email,
    browserHash: browser ? sha256Hex(browser) : null,
    createdAt: tx.now,
    expiresAt: addMs(tx.now, lifetimeMs[purpose]),
  });
  return token;
}

const usable = (ctx: Ctx, token: string) =>
  and(eq(mailLinks.hash, sha256Hex(token)), isNull(mailLinks.usedAt), gt(mailLinks.expiresAt, ctx.now));

/** A usable link, without using it; else null. */
export async function findLink(ctx: Ctx, token: string): Promise<MailLink | null> {
  const [link] = await ctx.db.select().from(mailLinks).where(usable(ctx, token));
  return link ?? null;
}

/** A link in any state; null for an unknown one. */
export async function findAnyLink(ctx: Ctx, token: string): Promise<MailLink | null> {
  const [link] = await ctx.db
    .select()
    .from(mailLinks)
    .where(eq(mailLinks.hash, sha256Hex(token)));
  return link ?? null;
}

/** Uses a link, once: of two concurrent calls one succeeds. @throws DomainError 410 when it is used, expired or unknown. */
export async function useLink(tx: Ctx, token: string, purpose: Purpose): Promise<MailLink> {
  const [link] = await tx.db
    .update(mailLinks)
    .set({ usedAt: tx.now })
    .where(and(usable(tx, token), eq(mailLinks.purpose, purpose)))
    .returning();
  if (!link) throw linkGone();
  return link;
}

export async function voidLinks(tx: Ctx, email: string, purpose: Purpose): Promise<void> {
  await tx.db
    .update(mailLinks)
    .set({ usedAt: tx.now })
    .where(and(eq(mailLinks.email, email), eq(mailLinks.purpose, purpose), isNull(mailLinks.usedAt)));
}

export function linkGone(): DomainError {
  return new DomainError('link_gone', 'This link no longer works: it was used, or its time is over. Ask for a new one.', 410);
}
