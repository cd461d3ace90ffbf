import { describe, expect, it } from 'vitest';
import { firstRules } from '~/modules/policy/policy-rules';
import { usdNano } from '~/platform/money';
import { previewSchema } from './listing-terms';
import { newListingCap, newSellerRoom, raiseCap, type NewSellerRoom } from './new-seller-cap';

const rules = firstRules;

describe('the cap of a new seller', () => {
  it('is told as the face value that may be entered, tail included', () => {
    expect(newSellerRoom(0n, rules).mostFaceNano).toBe(usdNano(1_020));
    expect(newListingCap(newSellerRoom(0n, rules))).toBe(
      'New sellers have up to $1,000.00 on sale until $500.00 was burned: enter $1,020.00 or less here. Raise the face value later, as this sells.',
    );
    expect(newListingCap(newSellerRoom(usdNano(600), rules))).toContain('enter $420.00 or less here, since $600.00 is on sale');
    expect(newListingCap(newSellerRoom(usdNano(1_000), rules))).toContain('As they sell, there is room again.');
    expect(raiseCap(newSellerRoom(usdNano(600), rules), usdNano(620))).toContain('raise to $1,020.00 or less');
  });

  it('stands beside the field of a preview, before anything is submitted', () => {
    const preview = (faceValue: string, room: NewSellerRoom | null = newSellerRoom(0n, rules)) =>
      previewSchema(rules, new Date('2026-11-29T12:00:00Z'), room).safeParse({ faceValue, discount: '50' });
    expect(preview('2400').error?.issues).toMatchObject([{ path: ['faceValue'], message: expect.stringContaining('$1,020.00') as string }]);
    expect(preview('1020').success).toBe(true);
    expect(preview('2400', null).success).toBe(true);
  });
});
