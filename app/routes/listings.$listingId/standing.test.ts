import { describe, expect, it } from 'vitest';
import { sellerRecord } from '~/components';
import { lotName } from '~/platform/lot-name';
import { usdNano } from '~/platform/money';
import { headline, soldSentence, whyNotOnSale } from './standing';

const lot = {
  state: 'active',
  faceNano: usdNano(600),
  listedNano: usdNano(580),
  availableNano: usdNano(250),
  reservedNano: usdNano(0),
  soldNano: usdNano(330),
  discountBps: 4_200,
  creditExpiresAt: new Date('2027-03-12T00:00:00Z'),
  endedAt: null,
  mendUntilAt: null,
};
const failed = { ...lot, state: 'failed', availableNano: 0n, endedAt: new Date('2026-11-12T10:00:00Z') };

describe('the words for a lot', () => {
  it('announce what is left while it is on sale, and its name once it is not', () => {
    expect(lotName(lot)).toBe('$600.00 at 42.0% off, expires 12 Mar 2027');
    expect(headline(lot, true)).toBe('$250.00 of Replicate credit at 58.0¢ per $1');
    expect(headline(failed, false)).toBe('$600.00 at 42.0% off, expires 12 Mar 2027');
  });

  it('say of a failed lot that it failed and that buyers are refunded, not that it runs on', () => {
    const said = whyNotOnSale(failed, true, 24);
    expect(said).toContain('failed on 12 Nov 2026');
    expect(said).toContain('goes back to their cards');
    for (const state of ['suspended', 'withdrawn', 'expired', 'paused', 'active'])
      expect(whyNotOnSale({ ...failed, state }, false, 24)).toContain('can');
    expect(whyNotOnSale({ ...lot, state: 'paused', mendUntilAt: new Date('2026-11-30T08:00:00Z') }, false, 24)).toContain('A check failed');
  });

  it('count as sold what was paid for: neither what is reserved nor what was withdrawn', () => {
    expect(soldSentence({ listedNano: usdNano(100), soldNano: 0n, reservedNano: usdNano(40) })).toBe(
      '$0.00 of $100.00 sold, $40.00 reserved in open checkouts',
    );
    expect(soldSentence({ listedNano: usdNano(100), soldNano: usdNano(30), reservedNano: 0n })).toBe('$30.00 of $100.00 sold');
  });
});

describe('the record of a seller', () => {
  it.each([
    [0n, 0, 'nothing burned yet'],
    [usdNano(12.5), 0, '$12.50 burned, no lot failed'],
    [0n, 1, '1 lot failed, $0.00 burned since'],
    [usdNano(90), 2, '2 lots failed, $90.00 burned since'],
  ])('of %s burned and %s failed lots', (sellerBurnedNano, sellerFailedLots, words) => {
    expect(sellerRecord({ sellerBurnedNano, sellerFailedLots })).toBe(words);
  });
});
