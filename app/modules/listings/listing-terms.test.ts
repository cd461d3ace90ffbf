import { describe, expect, it } from 'vitest';
import { usdNano } from '~/platform/money';
import { newListingSchema, readTerms, ReplicateToken } from './listing-terms';

const rules = { minDiscountBps: 3_000, maxDiscountBps: 7_000, tailGuardCents: 2_000, minPurchaseCents: 500, minDaysLeft: 3 };
const now = new Date('2026-11-22T10:00:00Z');
const good = { faceValue: '500', discount: '45', expiresOn: '2027-04-30', minimum: '10' };
const token = `r8_${'a1B2'.repeat(9)}x`;
const fieldsOf = (text: Partial<typeof good>) => readTerms({ ...good, ...text }, rules, now).problems.map((problem) => problem.field);

describe('the terms of a listing', () => {
  it('are read to the cent', () => {
    const { terms, problems } = readTerms({ ...good, faceValue: '$2,420.50', discount: '37.5' }, rules, now);
    expect(problems).toEqual([]);
    expect(terms).toEqual({
      faceNano: usdNano(2_420.5),
      discountBps: 3_750,
      creditExpiresAt: new Date('2027-04-30T00:00:00Z'),
      minNano: usdNano(10),
    });
  });

  it.each([
    ['faceValue', ['abc', '', '-500', '0', '1' + '0'.repeat(30), '29.08', '1000000.01', '500.001']],
    ['discount', ['29.99', '70.01', '-45', '45%%', 'half', '100']],
    ['expiresOn', ['2026-11-20', '2026-11-25', '2028-01-01', '2027-02-30', '30.04.2027']],
    ['minimum', ['0', 'ten', '480.01', '-1']],
  ] as const)('refuse beside %s what breaks a rule', (field, texts) => {
    for (const text of texts) expect(fieldsOf({ [field]: text }), text).toContain(field);
  });

  it('allow the bounds themselves', () => {
    for (const discount of ['30', '70']) expect(fieldsOf({ discount })).toEqual([]);
    expect(fieldsOf({ faceValue: '1000000' })).toEqual([]);
    expect(fieldsOf({ faceValue: '36.67', discount: '70' })).toEqual([]);
    expect(fieldsOf({ minimum: '480' })).toEqual([]);
    expect(fieldsOf({ expiresOn: '2026-11-26' })).toEqual([]);
  });

  it('are refused all at once, with the token and the declaration', () => {
    const parsed = newListingSchema(rules, now).safeParse({ discount: '10', minimum: '1', token: 'r8_short' });
    expect(parsed.error?.issues.map((issue) => issue.path[0]).sort()).toEqual([
      'discount',
      'expiresOn',
      'faceValue',
      'ownsCredit',
      'token',
    ]);
    expect(JSON.stringify(parsed.error)).not.toContain('r8_short');
  });

  it('pass with a token and the declaration', () => {
    expect(newListingSchema(rules, now).safeParse({ ...good, token: ` ${token} `, ownsCredit: 'on' }).data).toMatchObject({
      token,
      discountBps: 4_500,
    });
  });
});

describe('a token', () => {
  it('has 40 characters and begins with r8_', () => {
    expect(ReplicateToken.safeParse(token).success).toBe(true);
    for (const text of ['', 'r8_', `${token}a`, token.slice(1), token.replace('a', '-')])
      expect(ReplicateToken.safeParse(text).success).toBe(false);
  });
});
