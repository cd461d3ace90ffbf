import {
  BurnDownChart,
  DailySpendChart,
  HeldMeter,
  LevelBars,
  LotBar,
  LotBarKey,
  LotTable,
  Price,
  PriceHistoryChart,
  StateBadge,
  WhatItBuys,
} from '~/components';
import { LinkButton, Section } from '~/components/ui';
import { addDays } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { sampleBurnDown, sampleDays, sampleLots, samplePrices } from './samples';

const bargains = [
  { model: 'black-forest-labs/flux-1.1-pro', unit: 'images', count: 3_273, countAtProvider: 1_375 },
  { model: 'google/veo-3.1-fast', unit: 'seconds, no audio', count: 1_309, countAtProvider: 550 },
];

export function Market() {
  return (
    <>
      <Section title="Lot bar" margin="Rail: sold or burned. Body: price and saving. Ticks: weeks.">
        <div className="stack">
          {sampleLots.map((lot) => (
            <LotBar key={lot.id} {...lot} scaleMaxNano={usdNano(5_000)} />
          ))}
          <LotBar faceNano={usdNano(1_000)} discountBps={3_000} burnedShareBps={10_000} daysLeft={344} />
          <LotBar size="card" faceNano={usdNano(2_400)} discountBps={5_500} soldShareBps={3_750} daysLeft={57} />
          <LotBar size="hero" faceNano={usdNano(2_400)} discountBps={5_500} soldShareBps={3_750} daysLeft={57} pay="45.0¢" save="55.0%" />
          <LotBar size="hero" faceNano={usdNano(1_000)} discountBps={5_745} pay="$425.52" save="$574.48" scale />
        </div>
        <LotBarKey />
      </Section>
      <Section title="On sale now" margin="11 lots, $16,166 of credit.">
        <LotTable
          lots={sampleLots}
          sorts={{ price: { to: '?sort=price', direction: 'ascending' }, available: { to: '?sort=available' } }}
        />
        <div className="after-table">
          <LotBarKey />
          <LinkButton variant="quiet" size="small" to="#">
            All 11 lots
          </LinkButton>
        </div>
      </Section>
      <Section title="Level, price, state">
        <div className="stack">
          <div className="actions">
            {[1, 4].map((level) => (
              <LevelBars key={level} level={level} named />
            ))}
            <Price discountBps={5_800} />
            <StateBadge kind="listing" state="in_review" />
            <StateBadge kind="run" state="authorized" />
            <StateBadge kind="grant" state="frozen" />
            <StateBadge kind="offer" state="some_new_state" />
          </div>
        </div>
      </Section>
      <Section title="What $55 buys" margin="The solid part is what the same money buys at Replicate.">
        <WhatItBuys items={bargains} />
      </Section>
      <Section title="Held until burned">
        <HeldMeter earnedCents={3_600n} feeCents={400n} heldCents={6_000n} />
      </Section>
      <Section title="Price" margin="Best price by day.">
        <PriceHistoryChart points={samplePrices} />
      </Section>
      <Section title="Burn-down" margin="57 days until it expires.">
        <BurnDownChart points={sampleBurnDown} expiresAt={addDays(new Date('2026-11-22T00:00:00Z'), 57)} />
      </Section>
      <Section title="Burn" margin="Face value by day, UTC.">
        <DailySpendChart days={sampleDays} paceNano={usdNano(33.81)} />
      </Section>
    </>
  );
}
