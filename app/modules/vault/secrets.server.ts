import { and, eq, isNotNull, ne } from 'drizzle-orm';
import { secrets } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invariant, notFound } from '~/platform/errors';
import { newId, type SecretId } from '~/platform/ids';
import { fingerprintOf, openText, sealText } from './sealing';

/** Seals a text for one place ("listings/lst_…") in the caller's atomic block. Only `openSecret` for the same place reads it again. */
export async function seal(tx: Ctx, { plaintext, boundTo }: { plaintext: string; boundTo: string }): Promise<SecretId> {
  const id = newId('secret', tx.now);
  const sealed = sealText(tx.ports.vaultKeys, plaintext, boundTo);
  await tx.db.insert(secrets).values({ id, ...sealed, boundTo, fingerprint: fingerprint(tx, plaintext), createdAt: tx.now });
  return id;
}

/**
 * The text of a secret, for the adapter that sends it out; never for a page or a log.
 * @throws DomainError 404 when it is gone or destroyed, Error when it was sealed for another place or changed.
 */
export async function openSecret(ctx: Ctx, { secretId, boundTo }: { secretId: SecretId; boundTo: string }): Promise<string> {
  const [row] = await ctx.db.select().from(secrets).where(eq(secrets.id, secretId));
  if (!row || row.ciphertext === null) throw notFound('secret');
  return openText(ctx.ports.vaultKeys, { ciphertext: row.ciphertext, keyId: row.keyId }, boundTo);
}

/** Forgets a secret for good: the row stays, the ciphertext does not. Doing it twice changes nothing. */
export async function destroySecret(tx: Ctx, secretId: SecretId): Promise<void> {
  await tx.db
    .update(secrets)
    .set({ ciphertext: null, destroyedAt: tx.now })
    .where(and(eq(secrets.id, secretId), isNotNull(secrets.ciphertext)));
}

/** The keyed fingerprint of a text, as it stands beside a sealed one. */
export function fingerprint(ctx: Ctx, plaintext: string): string {
  return fingerprintOf(ctx.ports.vaultKeys, plaintext);
}

/**
 * Seals up to `limit` secrets again that an older key sealed, so that the older key can be retired. Answers how many; 0 when done.
 * Safe while others read: a row is replaced only if its ciphertext is still the one that was opened. A damaged one is logged and left.
 */
export async function rotateSecrets(ctx: Ctx, limit = 200): Promise<number> {
  const keys = ctx.ports.vaultKeys;
  const old = await ctx.db
    .select()
    .from(secrets)
    .where(and(ne(secrets.keyId, keys.current), isNotNull(secrets.ciphertext)))
    .limit(limit);
  let rotated = 0;
  for (const row of old) rotated += await rotate(ctx, row);
  return rotated;
}

async function rotate(ctx: Ctx, row: typeof secrets.$inferSelect): Promise<number> {
  const keys = ctx.ports.vaultKeys;
  invariant(row.ciphertext !== null, 'only sealed rows are rotated');
  try {
    const plaintext = openText(keys, { ciphertext: row.ciphertext, keyId: row.keyId }, row.boundTo);
    const again = { ...sealText(keys, plaintext, row.boundTo), fingerprint: fingerprintOf(keys, plaintext) };
    await ctx.db
      .update(secrets)
      .set(again)
      .where(and(eq(secrets.id, row.id), eq(secrets.ciphertext, row.ciphertext)));
    return 1;
  } catch (error) {
    ctx.log.error({ err: error, secretId: row.id }, 'a secret could not be sealed anew');
    return 0;
  }
}
