import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { secrets } from '~db/schema';
import { destroySecret, openSecret, seal } from '~/modules/vault/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
afterEach(() => expectInvariants(market));

const text = `r8_${'s'.repeat(37)}`;
const sealed = (place: string, ctx: Ctx = market.system()) => atomic(ctx, (tx) => seal(tx, { plaintext: text, boundTo: place }));
const findRow = async (id: Awaited<ReturnType<typeof sealed>>) => {
  const [row] = await market.system().db.select().from(secrets).where(eq(secrets.id, id));
  if (!row) throw new Error('The row is gone.');
  return row;
};

describe('the vault', () => {
  it('opens what it sealed for the same row, and stores no plaintext', async () => {
    const secretId = await sealed('listings/a');
    expect(await openSecret(market.system(), { secretId, boundTo: 'listings/a' })).toBe(text);
    expect(JSON.stringify(await findRow(secretId))).not.toContain(text);
  });

  it('does not open a ciphertext that was moved to another row', async () => {
    const [from, to] = [await sealed('listings/a'), await sealed('listings/b')];
    const { ciphertext, keyId } = await findRow(from);
    await market.system().db.update(secrets).set({ ciphertext, keyId, boundTo: 'listings/b' }).where(eq(secrets.id, to));
    await expect(openSecret(market.system(), { secretId: to, boundTo: 'listings/b' })).rejects.toThrow();
  });

  it('never opens a destroyed secret, and destroys one repeatedly without error', async () => {
    const secretId = await sealed('listings/a');
    await atomic(market.system(), (tx) => destroySecret(tx, secretId));
    await atomic(market.system(), (tx) => destroySecret(tx, secretId));
    const row = await findRow(secretId);
    expect(row.ciphertext).toBeNull();
    expect(row.destroyedAt).toBeInstanceOf(Date);
    await expect(openSecret(market.system(), { secretId, boundTo: 'listings/a' })).rejects.toMatchObject({ status: 404 });
  });
});
