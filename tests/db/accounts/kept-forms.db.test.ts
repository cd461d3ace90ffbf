import { describe, expect, it } from 'vitest';
import { keptForms } from '~db/schema';
import { findKeptForm, forgetKeptForms, keepForm } from '~/modules/accounts/index.server';
import { DAY_MS, HOUR_MS } from '~/platform/dates';
import type { Ctx } from '~/platform/context';
import { testMarket } from '~tests/setup/market';
import { getRefusal } from '~tests/setup/race';

const market = testMarket();
const visitor = (): Ctx => market.services.ctxFor({ kind: 'visitor' });
const path = '/listings/lst_1';
const kept = async (fields: Record<string, string>, ip = '192.0.2.1') => (await keepForm(visitor(), { path, fields }, ip)) ?? '';

describe('a form posted before signing in', () => {
  it('is found by its token on its own page only, for a day and an hour', async () => {
    const token = await kept({ amount: '50' });
    expect(await findKeptForm(visitor(), token, path)).toEqual({ amount: '50' });
    expect(await findKeptForm(visitor(), token, '/sell/listings/new')).toBeNull();
    for (const other of [null, '', 'x', token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))])
      expect(await findKeptForm(visitor(), other, path)).toBeNull();
    expect(JSON.stringify(await visitor().db.select().from(keptForms))).not.toContain(token);
    market.advance(DAY_MS + 2 * HOUR_MS);
    expect(await findKeptForm(visitor(), token, path)).toBeNull();
    await forgetKeptForms(market.system());
    expect(await visitor().db.select().from(keptForms)).toEqual([]);
  });

  it('is not stored if it is too long, and limited for each network', async () => {
    expect(await keepForm(visitor(), { path, fields: { offerMessage: '“'.repeat(1_000) } }, '192.0.2.2')).toBeNull();
    for (let count = 0; count < 60; count += 1) await kept({ amount: '5' }, '192.0.2.3');
    expect(await getRefusal(keepForm(visitor(), { path, fields: { amount: '5' } }, '192.0.2.3'))).toMatchObject({ status: 429 });
    expect(await kept({ amount: '5' }, '192.0.2.4')).not.toBe('');
  });
});
