import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { usdNano } from '~/platform/money';
import { LotBar } from './lot-bar';
import { barLength, lotSentence, niceScaleMax, shareInWords, weeksWidth } from './lot-bar-geometry';

describe('the lot bar', () => {
  it('says in a sentence what it shows, in the amounts that are charged', () => {
    const lot = { faceNano: usdNano(1_200), discountBps: 5_800, soldShareBps: 3_200, daysLeft: 17 };
    expect(lotSentence(lot)).toBe('Face value $1,200.00, you pay $504.00, you save $696.00; 32% sold; expires in 17 days');
  });

  it('tells a seller what it earns, and an admin what buyers pay', () => {
    const lot = { faceNano: usdNano(1_200), discountBps: 5_800 };
    expect(lotSentence({ ...lot, reader: 'seller' })).toBe('Face value $1,200.00, you earn $504.00 less the fee, buyers save $696.00');
    expect(lotSentence({ ...lot, reader: 'admin' })).toBe('Face value $1,200.00, buyers pay $504.00, buyers save $696.00');
  });

  it('counts what is burned instead of what is sold on a buyer’s page', () => {
    expect(lotSentence({ faceNano: usdNano(500), discountBps: 5_700, soldShareBps: 10_000, burnedShareBps: 4_249 })).toBe(
      'Face value $500.00, you pay $215.00, you save $285.00; 42% burned',
    );
  });

  it('rounds the price up and the saving down to the cent', () => {
    expect(lotSentence({ faceNano: 10_000_001n, discountBps: 5_000 })).toBe('Face value $0.01, you pay $0.01, you save $0.00');
  });

  it('says all or nothing only when it is so', () => {
    expect([0, 1, 9_999, 10_000].map(shareInWords)).toEqual(['0%', 'under 1%', '99%', '100%']);
  });

  it('draws all bars of a list on one scale and keeps the smallest visible', () => {
    expect(barLength(usdNano(1_200), usdNano(5_000))).toBe('24.00%');
    expect(barLength(usdNano(5), usdNano(5_000))).toBe('0.50%');
    expect(barLength(usdNano(5))).toBe('100.00%');
  });

  it('ends the scale at a round number that holds the largest lot', () => {
    expect([1, 5, 940, 2_400, 5_000, 5_001].map((dollars) => niceScaleMax(usdNano(dollars)))).toEqual(
      [1, 5, 1_000, 5_000, 5_000, 10_000].map(usdNano),
    );
  });

  it('draws 4 px for each week begun and none after expiry', () => {
    expect([17, 57, 0, -3].map(weeksWidth)).toEqual([13, 37, 0, 0]);
  });

  it('splits the body at the price, ends the rail at the notch, and sets no style attribute', () => {
    const html = renderToStaticMarkup(<LotBar faceNano={usdNano(2_400)} discountBps={5_500} soldShareBps={3_750} daysLeft={17} />);
    expect(html).toContain('class="pay" y="7" width="45.00%"');
    expect(html).toContain('class="rail" width="37.50%"');
    expect(html).toContain('weeks-near');
    expect(html).not.toContain('style=');
  });

  it('has neither rail nor notch while nothing is sold', () => {
    const html = renderToStaticMarkup(<LotBar faceNano={usdNano(800)} discountBps={5_250} soldShareBps={0} />);
    expect(html).toContain('class="track"');
    expect(html).not.toContain('notch');
  });
});
