import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { LotLink, OpenCheckouts, StateBadge } from '~/components';
import { type Column, EmptyState, Link, LinkButton, PageHead, PagedTable, Time } from '~/components/ui';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatCents, formatNano, formatPricePerUsd, nanoToCents } from '~/platform/money';
import { findOpenCheckouts } from '~/queries/buying/open-checkouts.server';
import { findTransactions, type TransactionRow } from '~/queries/buying/transactions.server';
import { requireUserCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () => [{ title: 'Your purchases · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const after = new URL(args.request.url).searchParams.get('after');
  const [page, openCheckouts] = await Promise.all([findTransactions(ctx, after), findOpenCheckouts(ctx)]);
  return { ...page, openCheckouts, firstPage: after === null };
}

export default function Transactions() {
  const { rows, next, firstPage, openCheckouts } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title="Your purchases" lead="What you bought, how much of it is burned, and where the money is. It is held until burned.">
        <OpenCheckouts rows={openCheckouts} />
      </PageHead>
      <PagedTable
        caption="Purchases, newest first"
        columns={columns}
        rows={rows}
        next={next}
        isFirstPage={firstPage}
        pageUrl={paths.transactions}
        empty={
          <EmptyState title="You have bought nothing yet" as="h2" action={<LinkButton to={paths.listings()}>Browse lots</LinkButton>}>
            The smallest purchase is $5.00.
          </EmptyState>
        }
      />
    </>
  );
}

const columns: Column<TransactionRow>[] = [
  {
    key: 'purchase',
    head: 'Purchase',
    rowHead: true,
    cell: (row) => (
      <>
        <Link className="mono" to={paths.transaction(row.id)}>
          {shortId(row.id)}
        </Link>
        <span className="sub">
          <Time at={row.createdAt} />
        </span>
      </>
    ),
  },
  {
    key: 'lot',
    head: 'Lot',
    cell: (row) => (
      <>
        <LotLink to={paths.listing(row.listingId)} lot={row.lot} /> <span className="sub">sold by {row.sellerName}</span>
      </>
    ),
  },
  { key: 'face', head: 'Face value', numeric: true, cell: (row) => formatNano(row.creditNano) },
  { key: 'price', head: 'Per $1', numeric: true, cell: (row) => formatPricePerUsd(row.discountBps) },
  {
    key: 'paid',
    head: 'Price',
    numeric: true,
    cell: (row) => (
      <>
        {formatCents(row.priceCents)}
        {row.refundedCents > 0n && <span className="sub">{formatCents(row.refundedCents)} refunded</span>}
      </>
    ),
  },
  { key: 'burned', head: 'Burned', numeric: true, cell: (row) => formatCents(nanoToCents(row.burnedNano, 'up')) },
  {
    key: 'state',
    head: 'State',
    cell: (row) => (
      <>
        <StateBadge kind="transaction" state={row.state} />
        {row.state === 'delivered' && row.settlementAt && (
          <span className="sub">
            settles <Time at={row.settlementAt} show="day" />
          </span>
        )}
      </>
    ),
  },
];
