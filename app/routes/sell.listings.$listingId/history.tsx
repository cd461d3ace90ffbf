import { StateBadge } from '~/components';
import { DataTable, Time, Timeline, type TimelineEvent } from '~/components/ui';
import { sellerStepWords, type ReviewedStep } from '~/modules/listings/review-words';
import { shortId } from '~/platform/ids';
import { formatCents, formatNano, formatPercent } from '~/platform/money';
import type { SellerListingPage } from '~/queries/selling/sell-listing.server';

/** Purchases from this lot. Each buyer appears under a pseudonym that differs for each seller. */
export function Sales({ sales }: { sales: SellerListingPage['sales'] }) {
  if (sales.length === 0) return <p className="muted">Nothing sold yet.</p>;
  return (
    <DataTable
      caption="Sales of this lot, newest first"
      captionHidden
      rows={sales}
      rowKey={(sale) => sale.id}
      columns={[
        { key: 'id', head: 'Sale', rowHead: true, mono: true, cell: (sale) => shortId(sale.id) },
        { key: 'date', head: 'Date', cell: (sale) => <Time at={sale.createdAt} show="day" /> },
        { key: 'buyer', head: 'Buyer', cell: (sale) => sale.buyerName },
        { key: 'state', head: 'State', cell: (sale) => <StateBadge kind="transaction" state={sale.state} /> },
        { key: 'face', head: 'Credit', numeric: true, cell: (sale) => formatNano(sale.creditNano) },
        { key: 'discount', head: 'Discount', numeric: true, cell: (sale) => formatPercent(sale.discountBps) },
        { key: 'paid', head: 'Paid', numeric: true, cell: (sale) => formatCents(sale.priceCents) },
        { key: 'refunded', head: 'Refunded', numeric: true, cell: (sale) => formatCents(sale.refundedCents) },
        { key: 'burned', head: 'Burned', numeric: true, cell: (sale) => formatNano(sale.burnedNano) },
        { key: 'earned', head: 'You earned', numeric: true, cell: (sale) => formatCents(sale.earnedCents) },
      ]}
    />
  );
}

/** Reviews and price changes on one timeline, newest first. */
export function History({ page }: { page: SellerListingPage }) {
  const events: (TimelineEvent & { at: Date })[] = [
    ...page.reviews.map((review) => ({ at: review.createdAt, title: sellerStepWords[review.step as ReviewedStep], note: review.note })),
    ...page.prices.map((price) => ({
      at: price.createdAt,
      title: `Price changed from ${formatPercent(price.fromBps)} to ${formatPercent(price.toBps)} off`,
    })),
  ];
  events.sort((a, b) => b.at.getTime() - a.at.getTime());
  return <Timeline events={events} />;
}
