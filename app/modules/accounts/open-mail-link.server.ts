import { recordAudit } from '~/modules/audit/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { UserId } from '~/platform/ids';
import { LinkToken } from './account-rules';
import { findUserByEmail, updateUser } from './account-store.server';
import { findAnyLink, findLink, sha256Hex, useLink, type MailLink } from './mail-links.server';
import { endAllSignIns } from './sign-in-session.server';

function isSameBrowser(link: MailLink, browser: string | null): boolean {
  return link.browserHash !== null && browser !== null && sha256Hex(browser) === link.browserHash;
}

/**
 * The purpose of a usable link, without using it; else null. Mail scanners fetch links, so a GET opens a link only in the browser that
 * requested it; others press a button.
 */
export async function lookAtMailLink(
  ctx: Ctx,
  token: string,
  browser: string | null,
): Promise<{ purpose: MailLink['purpose']; email: string; sameBrowser: boolean } | null> {
  if (!LinkToken.safeParse(token).success) return null;
  const link = await findLink(ctx, token);
  return link && { purpose: link.purpose, email: link.email, sameBrowser: isSameBrowser(link, browser) };
}

/**
 * The state of an unusable verification link, for the holder of its token: its address, and whether it is verified by now. Null for an
 * unknown link.
 */
export async function lookAtDeadLink(ctx: Ctx, token: string): Promise<{ email: string; verified: boolean } | null> {
  const link = LinkToken.safeParse(token).success ? await findAnyLink(ctx, token) : null;
  if (link?.purpose !== 'verify') return null;
  const user = await findUserByEmail(ctx, link.email);
  return { email: link.email, verified: Boolean(user?.verifiedAt) };
}

/**
 * Verifies the address of a new account. The caller signs the person in only in the browser that signed up: elsewhere the person has
 * proved access to the mailbox, but not that they chose the password. @throws DomainError 410 for a link that is gone.
 */
export async function openMailLink(
  ctx: Ctx,
  input: { token: string; browser: string | null },
): Promise<{ userId: UserId; sameBrowser: boolean }> {
  const token = LinkToken.parse(input.token);
  return atomic(ctx, async (tx) => {
    const link = await useLink(tx, token, 'verify');
    invariant(link.userId, 'a link that verifies belongs to a user');
    await updateUser(tx, link.userId, { verifiedAt: tx.now });
    await endAllSignIns(tx, link.userId);
    await recordAudit(tx, 'user.verified', link.userId);
    return { userId: link.userId, sameBrowser: isSameBrowser(link, input.browser) };
  });
}
