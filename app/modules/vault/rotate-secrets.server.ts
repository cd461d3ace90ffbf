import { and, asc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm';
import { secrets } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { SecretId } from '~/platform/ids';
import { computeFingerprint, openText, sealText } from './sealing';

type Row = typeof secrets.$inferSelect;

/** How many secrets one key opens. */
export interface SecretsOfKey {
  keyId: string;
  secrets: number;
}

export interface Rotation {
  /** Encrypted again under the current key. */
  sealed: number;
  /** Replaced or destroyed meanwhile; left as they are. */
  overtaken: number;
  /** Could not be opened: the key is missing from VAULT_KEYS, or the row is damaged. */
  failed: number;
}

export interface RotationOptions {
  /** Rows per batch. */
  batch?: number;
  /** Reports progress. Returning false stops the rotation. */
  onBatch?: (soFar: Rotation) => boolean | Promise<boolean>;
}

/**
 * Encrypts all secrets of older keys under the current one, so that the older keys can be removed. Safe on a running market: a row is
 * replaced only if its ciphertext has not changed. It can be stopped and started again.
 */
export async function rotateSecrets(ctx: Ctx, { batch: size = 200, onBatch = () => true }: RotationOptions = {}): Promise<Rotation> {
  const total: Rotation = { sealed: 0, overtaken: 0, failed: 0 };
  let after: SecretId | null = null;
  for (;;) {
    const batch: Row[] = await sealedByOlderKeys(ctx, after, size);
    for (const row of batch) total[await sealAnew(ctx, row)] += 1;
    after = batch.at(-1)?.id ?? null;
    if (batch.length > 0 && !(await onBatch({ ...total }))) return total;
    if (batch.length < size) return total;
  }
}

/** How many secrets each key still opens. Remove keys from VAULT_KEYS only if they are not listed here. */
export async function secretsByKey(ctx: Ctx): Promise<SecretsOfKey[]> {
  const count = sql<number>`count(*)::integer`;
  return ctx.db
    .select({ keyId: secrets.keyId, secrets: count })
    .from(secrets)
    .where(isNotNull(secrets.ciphertext))
    .groupBy(secrets.keyId)
    .orderBy(secrets.keyId);
}

async function sealedByOlderKeys(ctx: Ctx, after: SecretId | null, limit: number): Promise<Row[]> {
  const old = and(ne(secrets.keyId, ctx.ports.vaultKeys.current), isNotNull(secrets.ciphertext));
  return ctx.db
    .select()
    .from(secrets)
    .where(after === null ? old : and(old, gt(secrets.id, after)))
    .orderBy(asc(secrets.id))
    .limit(limit);
}

async function sealAnew(ctx: Ctx, row: Row): Promise<keyof Rotation> {
  const keys = ctx.ports.vaultKeys;
  invariant(row.ciphertext !== null, 'only sealed rows are rotated');
  let plaintext: string;
  try {
    plaintext = openText(keys, { ciphertext: row.ciphertext, keyId: row.keyId }, row.boundTo);
  } catch (error) {
    ctx.log.error({ err: error, secretId: row.id, keyId: row.keyId }, 'a secret could not be encrypted again');
    return 'failed';
  }
  const anew = { ...sealText(keys, plaintext, row.boundTo), fingerprint: computeFingerprint(keys, plaintext) };
  const written = await ctx.db
    .update(secrets)
    .set(anew)
    .where(and(eq(secrets.id, row.id), eq(secrets.ciphertext, row.ciphertext)))
    .returning({ id: secrets.id });
  return written.length > 0 ? 'sealed' : 'overtaken';
}
