import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { HeldMeter, LotBarKey, LotTable, PriceHistoryChart, WhatItBuys } from '~/components';
import { EmptyState, Link, LinkButton, Section, Steps } from '~/components/ui';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { formatCents, formatNano, formatNanoWhole, formatPercent, formatPricePerUsd, share } from '~/platform/money';
import { findHome } from '~/queries/market/home.server';
import { findPriceHistory } from '~/queries/market/price-history.server';
import { requestCtx } from '~/pages/request-context.server';
import { useShell } from '~/pages/use-shell';
import { toLotRow } from '../listings/lot-row';
import { CodeChange } from './code-change';
import { Earnings } from './earnings';
import { Hero } from './hero';

export const meta: MetaFunction = () =>
  pageMeta({
    title: 'Replicate credit below face value',
    description:
      'Companies sell prepaid Replicate credit they will not burn. Buy any amount by card, change two lines, and your code runs as before.',
  });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const [home, priceHistory] = await Promise.all([findHome(ctx), findPriceHistory(ctx)]);
  return { ...home, priceHistory, gatewayUrl: `${ctx.config.publicUrl}${paths.gatewayBase()}` };
}

export default function Home() {
  const { rules, lots, quote, bargains, earnings, priceHistory, now, gatewayUrl } = useLoaderData<typeof loader>();
  const market = useShell()?.market;
  const fee = formatPercent(rules.feeBps).replace('.0%', '%');
  const best = lots[0]?.discountBps;
  return (
    <>
      <Hero quote={quote} best={best ?? null} />
      <Section
        title="On sale now"
        margin={
          market &&
          `${market.lots} ${market.lots === 1 ? 'lot' : 'lots'}, ${formatNanoWhole(market.onSaleNano)} of credit. A lot’s bar is as long as its face value.`
        }
      >
        {lots.length === 0 ? (
          <EmptyState as="h3" title="Nothing is on sale" action={<LinkButton to={paths.sellNew()}>List your credit</LinkButton>}>
            Each listing is reviewed by a person first.
          </EmptyState>
        ) : (
          <>
            <LotTable caption="The cheapest lots" lots={lots.map((lot) => toLotRow(lot, now))} />
            <div className="after-table">
              <LotBarKey />
              <Link to={paths.listings()}>All lots</Link>
            </div>
          </>
        )}
      </Section>
      <Section
        title="What credit sold for"
        margin="The average price of each day’s sales in the last 30 days (UTC). Grey: the credit sold."
      >
        <PriceHistoryChart points={priceHistory} title="Average price per $1 by day" />
      </Section>
      {bargains && (
        <Section
          title={`What ${formatCents(bargains.cashCents).replace('.00', '')} buys`}
          margin="The solid part is what the same money buys at Replicate."
        >
          <WhatItBuys items={bargains.items} />
          <p className="muted space-above-5">
            <small>
              {formatCents(bargains.cashCents)} pays for {formatNano(bargains.creditNano)} of credit at{' '}
              {formatPricePerUsd(bargains.discountBps)} per $1. <Link to={paths.gatewayDocs()}>Every model and its price</Link>
            </small>
          </p>
        </Section>
      )}
      <Section title="Two lines change" margin="The gateway speaks Replicate’s HTTP API: create, wait, poll, cancel.">
        <CodeChange gatewayUrl={gatewayUrl} />
      </Section>
      <Section title="Held until burned" margin="Your money goes to the seller only as you use the credit.">
        <p className="soft space-below-3">
          <small>An example: you paid $100.00 and have burned 40% of the credit.</small>
        </p>
        <HeldMeter
          earnedCents={4_000n - share(4_000n, rules.feeBps, 'down')}
          feeCents={share(4_000n, rules.feeBps, 'down')}
          heldCents={6_000n}
        />
        <div className="space-above-5">
          <Steps steps={whatHappens(rules)} />
        </div>
      </Section>
      <Section title="If you sell" margin={`For $1,000.00 of credit, sold and burned in full. The fee is ${fee} of the price.`}>
        <Earnings rows={earnings} />
      </Section>
    </>
  );
}

function whatHappens(rules: { mendHours: number; maxHoldDays: number }) {
  return [
    { title: 'You pay', text: 'By card, once. The money is held: it belongs to the seller only as you burn.' },
    {
      title: 'Each run burns',
      text: 'We meter a run at Replicate’s price. When you have burned 40% of a lot, the seller has earned 40% of what you paid for it, less our fee.',
    },
    {
      title: 'A lot fails',
      text: `The token is revoked, or the balance is not there. The seller has ${rules.mendHours} hours to mend it, and you may take your money back at once. After that we refund the unburned part to your card.`,
    },
    {
      title: 'Time runs out',
      text: `You have until one day before the credit expires, and our refund promise lasts at most ${rules.maxHoldDays} days from the payment. What is unburned then goes to the seller: it was reserved for you.`,
    },
    {
      title: 'Who sees inputs',
      text: 'The seller can see the inputs and outputs of your runs in its own Replicate dashboard. Do not send what it must not see.',
    },
  ];
}
