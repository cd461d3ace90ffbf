import { and, asc, eq, exists, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { accessKeys, grants } from '~db/schema';
import { destroySecret, openSecret, seal } from '~/modules/vault/index.server';
import { atomic, requireUser, requireVerifiedUser, type Ctx } from '~/platform/context';
import { addMs, DAY_MS } from '~/platform/dates';
import { conflict, notFound } from '~/platform/errors';
import { idSchema, newId, type Id, type UserId } from '~/platform/ids';
import { parseUsdToNano } from '~/platform/money';
import { readKeyBuyer, hashAccessKey, newAccessKeyText } from './access-key-text';

const MAX_KEYS = 20;
const boundTo = (id: Id<'accessKey'>) => `access_keys/${id}`;

export interface AccessKey {
  id: Id<'accessKey'>;
  name: string;
  lastFour: string;
  capNano: bigint | null;
  /** The whole key, until its owner has saved it, for at most 24 h. */
  text: string | null;
}

export const KeyName = z.string({ error: 'Give the key a name.' }).trim().min(1, 'Give the key a name.').max(40, 'At most 40 characters.');
/** The daily cap in dollars of face value; empty means no cap. */
export const KeyCap = z
  .string()
  .trim()
  .optional()
  .transform((text, check) => {
    if (!text) return null;
    const nano = parseUsdToNano(text);
    if (nano !== null && nano > 0n) return nano;
    check.addIssue({ code: 'custom', message: 'An amount in dollars, such as 25.00, or nothing.' });
    return z.NEVER;
  });

export const MintAccessKeyInput = z.object({ name: KeyName, cap: KeyCap });

/** Makes another key for the wallet. Its owner can read it until it is saved, for at most 24 h. @throws 409 with too many keys. */
export async function mintAccessKey(ctx: Ctx, input: z.input<typeof MintAccessKeyInput>): Promise<AccessKey> {
  const { name, cap } = MintAccessKeyInput.parse(input);
  const buyerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    await lockWallet(tx, buyerId);
    const live = await liveKeys(tx, buyerId);
    if (live.length >= MAX_KEYS) throw conflict('too_many_keys', `A wallet has at most ${MAX_KEYS} keys. Revoke one first.`);
    return insertKey(tx, buyerId, name, cap);
  });
}

/**
 * The key that the completion page and the wallet show: the oldest live one, or a new one if there is none. Concurrent calls make one
 * key.
 */
export async function ensureAccessKey(ctx: Ctx): Promise<AccessKey> {
  const buyerId = requireUser(ctx);
  return atomic(ctx, async (tx) => {
    await lockWallet(tx, buyerId);
    const [first] = await liveKeys(tx, buyerId);
    return first ? toAccessKey(tx, first) : insertKey(tx, buyerId, 'default', null);
  });
}

/** Shows a key to its owner while it is visible. @throws DomainError 404 for anyone else's. */
export async function revealAccessKey(ctx: Ctx, keyId: Id<'accessKey'>): Promise<AccessKey> {
  return toAccessKey(ctx, await ownKey(ctx, keyId));
}

/** The owner has saved the key: from now on only the hash is stored. Idempotent. */
export async function saveAccessKey(ctx: Ctx, keyId: Id<'accessKey'>): Promise<void> {
  await atomic(ctx, async (tx) => hide(tx, await ownKey(tx, keyId)));
}

/** Revokes a key at once: no new run is authorized with it. Open runs end and settle. */
export async function revokeAccessKey(ctx: Ctx, keyId: Id<'accessKey'>): Promise<void> {
  await atomic(ctx, async (tx) => {
    const key = await ownKey(tx, keyId);
    await tx.db
      .update(accessKeys)
      .set({ revokedAt: tx.now })
      .where(and(eq(accessKeys.id, key.id), isNull(accessKeys.revokedAt)));
    await hide(tx, key);
  });
}

export const EditAccessKeyInput = z.object({ keyId: idSchema('accessKey'), name: KeyName, cap: KeyCap });

/** Changes a key's name and its daily cap (face value, UTC day). */
export async function editAccessKey(ctx: Ctx, input: z.input<typeof EditAccessKeyInput>): Promise<void> {
  const { keyId, name, cap } = EditAccessKeyInput.parse(input);
  const key = await ownKey(ctx, keyId);
  await ctx.db.update(accessKeys).set({ name, capNano: cap }).where(eq(accessKeys.id, key.id));
}

async function stopAccessKey(ctx: Ctx, keyId: Id<'accessKey'>): Promise<void> {
  await ctx.db
    .update(accessKeys)
    .set({ revokedAt: ctx.now })
    .where(and(eq(accessKeys.id, keyId), isNull(accessKeys.revokedAt)));
}

/** Revokes all keys of a buyer, in the caller's atomic block. Open runs end and settle; the grants do not change. */
export async function revokeAllKeys(tx: Ctx, buyerId: UserId): Promise<void> {
  for (const key of await liveKeys(tx, buyerId)) {
    await stopAccessKey(tx, key.id);
    await hide(tx, key);
  }
}

export interface KeyOwner {
  buyerId: UserId;
  accessKeyId: Id<'accessKey'>;
  /** Whether the wallet has ever bought credit. */
  hasBought: boolean;
}

/** The owner of a key. Always read from the database, so that a revoked key stops at once. */
export async function findBuyerByKey(ctx: Ctx, text: string): Promise<KeyOwner | null> {
  const buyerId = readKeyBuyer(text);
  if (!buyerId) return null;
  const bought = ctx.db.select({ id: grants.id }).from(grants).where(eq(grants.buyerId, buyerId));
  const [row] = await ctx.db
    .select({ id: accessKeys.id, hasBought: sql<boolean>`${exists(bought)}` })
    .from(accessKeys)
    .where(and(eq(accessKeys.hash, hashAccessKey(text)), eq(accessKeys.buyerId, buyerId), isNull(accessKeys.revokedAt)));
  return row ? { buyerId, accessKeyId: row.id, hasBought: row.hasBought } : null;
}

/** Deletes the texts of keys after their 24 h, at most `limit`. Returns how many. */
export async function hideOldKeys(ctx: Ctx, limit: number): Promise<number> {
  const rows = await ctx.db
    .select()
    .from(accessKeys)
    .where(and(isNotNull(accessKeys.secretId), lte(accessKeys.visibleUntilAt, ctx.now)))
    .limit(limit);
  for (const row of rows) await atomic(ctx, (tx) => hide(tx, row));
  return rows.length;
}

type Row = typeof accessKeys.$inferSelect;

async function insertKey(tx: Ctx, buyerId: UserId, name: string, capNano: bigint | null): Promise<AccessKey> {
  const id = newId('accessKey', tx.now);
  const text = newAccessKeyText(buyerId);
  const secretId = await seal(tx, { plaintext: text, boundTo: boundTo(id) });
  const row = {
    id,
    buyerId,
    name,
    capNano,
    secretId,
    hash: hashAccessKey(text),
    lastFour: text.slice(-4),
    createdAt: tx.now,
    visibleUntilAt: addMs(tx.now, DAY_MS),
  };
  await tx.db.insert(accessKeys).values(row);
  return { id, name, lastFour: row.lastFour, capNano, text };
}

async function toAccessKey(ctx: Ctx, row: Row): Promise<AccessKey> {
  const visible = row.secretId !== null && row.revokedAt === null && row.visibleUntilAt !== null && row.visibleUntilAt > ctx.now;
  const text = visible && row.secretId ? await openSecret(ctx, { secretId: row.secretId, boundTo: boundTo(row.id) }) : null;
  return { id: row.id, name: row.name, lastFour: row.lastFour, capNano: row.capNano, text };
}

async function hide(tx: Ctx, row: Row): Promise<void> {
  if (row.secretId === null) return;
  await tx.db.update(accessKeys).set({ secretId: null }).where(eq(accessKeys.id, row.id));
  await destroySecret(tx, row.secretId);
}

async function ownKey(ctx: Ctx, keyId: Id<'accessKey'>): Promise<Row> {
  const [row] = await ctx.db
    .select()
    .from(accessKeys)
    .where(and(eq(accessKeys.id, keyId), eq(accessKeys.buyerId, requireUser(ctx))));
  if (!row) throw notFound('key');
  return row;
}

function liveKeys(tx: Ctx, buyerId: UserId): Promise<Row[]> {
  return tx.db
    .select()
    .from(accessKeys)
    .where(and(eq(accessKeys.buyerId, buyerId), isNull(accessKeys.revokedAt)))
    .orderBy(asc(accessKeys.createdAt), asc(accessKeys.id));
}

/** Makes concurrent key creation in one wallet wait until the atomic block ends. */
async function lockWallet(tx: Ctx, buyerId: UserId): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`access_keys:${buyerId}`}))`);
}
