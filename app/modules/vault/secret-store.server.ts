import { and, eq, isNotNull } from 'drizzle-orm';
import { secrets } from '~db/schema';
import type { Ctx, Db } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { newId, type SecretId } from '~/platform/ids';
import { ReadCache } from '~/platform/read-cache';
import { computeFingerprint, openText, sealText, type Sealed } from './sealing';

/** Encrypts a text for one place ("listings/lst_…") in the caller's atomic block. Only `openSecret` for the same place can read it. */
export async function seal(tx: Ctx, { plaintext, boundTo }: { plaintext: string; boundTo: string }): Promise<SecretId> {
  const id = newId('secret', tx.now);
  const sealed = sealText(tx.ports.vaultKeys, plaintext, boundTo);
  await tx.db.insert(secrets).values({ id, ...sealed, boundTo, fingerprint: fingerprint(tx, plaintext), createdAt: tx.now });
  return id;
}

/**
 * Decrypts a secret, for the adapter that sends it. Never put it into a page or a log.
 * @throws DomainError 404 if it is gone or destroyed, Error if it belongs to another place or was changed.
 */
export async function openSecret(ctx: Ctx, { secretId, boundTo }: { secretId: SecretId; boundTo: string }): Promise<string> {
  return opened(ctx, await sealedText(ctx, secretId), boundTo);
}

/** Ciphertexts, never plaintexts, by pool. */
const recent = new WeakMap<Db, ReadCache<Sealed>>();

/** As `openSecret`, with the ciphertext cached for up to five seconds: for the gateway's hot path. */
export async function openRecentSecret(ctx: Ctx, { secretId, boundTo }: { secretId: SecretId; boundTo: string }): Promise<string> {
  const known = recent.get(ctx.db) ?? new ReadCache<Sealed>({ ttlMs: 5_000 });
  recent.set(ctx.db, known);
  return opened(ctx, await known.get(secretId, () => sealedText(ctx, secretId)), boundTo);
}

async function sealedText(ctx: Ctx, secretId: SecretId): Promise<Sealed | null> {
  const [row] = await ctx.db.select({ ciphertext: secrets.ciphertext, keyId: secrets.keyId }).from(secrets).where(eq(secrets.id, secretId));
  return row && row.ciphertext !== null ? { ciphertext: row.ciphertext, keyId: row.keyId } : null;
}

function opened(ctx: Ctx, sealed: Sealed | null, boundTo: string): string {
  if (!sealed) throw notFound('secret');
  return openText(ctx.ports.vaultKeys, sealed, boundTo);
}

/** Destroys a secret: the row stays, the ciphertext is deleted. Idempotent. */
export async function destroySecret(tx: Ctx, secretId: SecretId): Promise<void> {
  await tx.db
    .update(secrets)
    .set({ ciphertext: null, destroyedAt: tx.now })
    .where(and(eq(secrets.id, secretId), isNotNull(secrets.ciphertext)));
}

/** The keyed fingerprint of a text, as stored with each secret. */
export function fingerprint(ctx: Ctx, plaintext: string): string {
  return computeFingerprint(ctx.ports.vaultKeys, plaintext);
}
