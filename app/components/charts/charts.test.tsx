import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { usdNano } from '~/platform/money';
import { BurnDownChart } from './burn-down-chart';
import { DailySpendChart } from './daily-spend-chart';
import { PriceHistoryChart } from './price-history-chart';

const day = (n: number) => new Date(Date.UTC(2026, 10, n));

describe('the charts', () => {
  it('put every day and their sum into the table behind the bars', () => {
    const days = [1, 2, 3].map((n) => ({ day: day(n), burnedNano: usdNano(n * 10.11) }));
    const html = renderToStaticMarkup(<DailySpendChart days={days} />);
    for (const cell of ['3 Nov 2026', '$10.11', '$20.22', '$30.33', '3 days', '$60.66']) expect(html).toContain(`>${cell}<`);
    expect(html).toContain('aria-label="Credit burned by day, 1 Nov 2026 to 3 Nov 2026, $60.66 in all"');
  });

  it('draw a month without any burn as an empty month', () => {
    const html = renderToStaticMarkup(<DailySpendChart days={[1, 2].map((n) => ({ day: day(n), burnedNano: 0n }))} />);
    expect(html).not.toContain('NaN');
    expect(html).toContain('$0.00 in all');
  });

  it('leave a day without a sale out of the line and say so in the table', () => {
    const html = renderToStaticMarkup(
      <PriceHistoryChart
        points={[
          { at: day(1), discountBps: 5_800 },
          { at: day(2), discountBps: null },
          { at: day(3), discountBps: 5_500 },
        ]}
      />,
    );
    expect(html).toContain('no sale');
    expect(html).toContain('lowest 42.0¢, highest 45.0¢, latest 45.0¢');
    expect(html).not.toContain('NaN');
  });

  it('show a single price and a flat burn-down', () => {
    expect(renderToStaticMarkup(<PriceHistoryChart points={[{ at: day(1), discountBps: 7_000 }]} />)).not.toContain('NaN');
    const html = renderToStaticMarkup(<BurnDownChart points={[{ at: day(1), unburnedNano: 0n, unsoldNano: 0n }]} expiresAt={day(1)} />);
    expect(html).not.toContain('NaN');
    expect(html).toContain('$0.00 not yet burned, $0.00 not yet sold');
  });

  it('say in words that there is nothing to draw', () => {
    expect(renderToStaticMarkup(<BurnDownChart points={[]} expiresAt={day(1)} />)).toBe('<p class="hint">Nothing sold yet.</p>');
  });

  it('set no style attribute, which the content policy would drop', () => {
    const html = renderToStaticMarkup(
      <BurnDownChart points={[{ at: day(1), unburnedNano: usdNano(9), unsoldNano: usdNano(5) }]} expiresAt={day(9)} />,
    );
    expect(html).not.toContain('style=');
  });
});
