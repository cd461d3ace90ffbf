import { LinkButton, Link, Note, DataTable } from '~/components/ui';
import type { LivePart } from '~/content/guide';
import { resaleClause, resaleRisk } from '~/modules/policy/provider-terms';
import { paths } from '~/paths';
import { formatPercent, formatPricePerUsd } from '~/platform/money';
import { Snippets } from '../docs.gateway/snippets';
import { ModelCosts, SellerEstimate } from './calculators';
import type { GuideFigures } from './figures.server';

interface LivePartProps {
  name: LivePart;
  slug: string;
  gatewayUrl: string;
  figures: GuideFigures;
}

/** A part of a guide that shows the market of this moment. */
export function LivePart({ name, slug, gatewayUrl, figures }: LivePartProps) {
  switch (name) {
    case 'buy-offer':
      return <BuyOffer figures={figures} />;
    case 'sell-offer':
      return <SellOffer figures={figures} />;
    case 'resale-terms':
      return <ResaleTerms />;
    case 'model-costs':
      return <ModelCosts slug={slug} figures={figures} />;
    case 'seller-estimate':
      return <SellerEstimate slug={slug} figures={figures} />;
    case 'model-prices':
      return <ModelPrices figures={figures} />;
    case 'snippets':
      return <Snippets baseUrl={gatewayUrl} />;
  }
}

const percent = (bps: number) => formatPercent(bps).replace('.0%', '%');

function BuyOffer({ figures: { bestDiscountBps, rules } }: { figures: GuideFigures }) {
  const range = `${percent(rules.minDiscountBps).replace('%', '')}–${percent(rules.maxDiscountBps)} below face value`;
  return (
    <aside className="guide-offer" aria-label="Buy credit">
      <p>
        <b>Need more?</b>{' '}
        {bestDiscountBps === null
          ? `Nothing is on sale at this moment. Lots cost ${range}.`
          : `From ${formatPricePerUsd(bestDiscountBps)} on the dollar, ${range}.`}
      </p>
      <p className="actions">
        <LinkButton to={paths.listings()}>Buy credit</LinkButton>
        <Link to={paths.howItWorks()}>How it works</Link>
      </p>
    </aside>
  );
}

function SellOffer({ figures: { medianDiscountBps, rules } }: { figures: GuideFigures }) {
  const most = percent(10_000 - rules.minDiscountBps);
  return (
    <aside className="guide-offer" aria-label="Sell credit">
      <p>
        <b>Have unused credit?</b> Sell at up to {most} of face value
        {medianDiscountBps === null ? '.' : `; today’s median is ${percent(10_000 - medianDiscountBps)}.`} You earn as buyers burn it, less
        the fee of {percent(rules.feeBps)} of the price.
      </p>
      <p className="actions">
        <LinkButton to={paths.sell()}>Sell credit</LinkButton>
        <span className="muted">
          <small>Earnings are booked; this version of the market does not pay them out yet.</small>
        </span>
      </p>
    </aside>
  );
}

function ResaleTerms() {
  return (
    <Note tone="near" title="Replicate’s terms restrict resale.">
      {resaleClause} {resaleRisk}
    </Note>
  );
}

function ModelPrices({ figures: { prices } }: { figures: GuideFigures }) {
  return (
    <DataTable
      caption="Prices at Replicate"
      captionHidden
      rows={prices}
      rowKey={(row) => row.model}
      columns={[
        { key: 'model', head: 'Model', rowHead: true, cell: (row) => <span className="mono break-words">{row.model}</span> },
        {
          key: 'price',
          head: 'Price',
          cell: (row) =>
            row.prices.map((line) => (
              <span className="sub" key={line}>
                {line}
              </span>
            )),
        },
        { key: 'seen', head: 'Seen', cell: (row) => row.seen },
      ]}
    />
  );
}
