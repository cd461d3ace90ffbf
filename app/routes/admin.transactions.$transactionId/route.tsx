import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { StateBadge } from '~/components';
import { Breadcrumb, DataTable, DefinitionList, EmptyState, Link, PageHead, Section, Time, Timeline } from '~/components/ui';
import { orPage } from '~/pages/forms.server';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatCents, formatNano, formatNanoExact, formatPercent } from '~/platform/money';
import { adminTransactionPage } from '~/queries/admin/admin-transaction.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? shortId(data.transaction.id) : 'Purchase'} · Admin · Credit Mart` },
];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  return orPage(adminTransactionPage(ctx, args.params.transactionId ?? ''));
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

export default function AdminTransaction() {
  const page = useLoaderData<typeof loader>();
  const { transaction, buyer } = page;
  return (
    <>
      <PageHead
        above={
          <>
            <AdminTabs />
            <Breadcrumb steps={[{ label: 'Search', to: paths.admin.search() }, { label: shortId(transaction.id) }]} />
          </>
        }
        title={`${formatNano(transaction.creditNano)} of credit for ${formatCents(transaction.priceCents)}`}
        lead={
          <>
            <StateBadge kind="transaction" state={transaction.state} /> Bought by {buyer.name} from {page.sellerName},{' '}
            {formatPercent(transaction.discountBps)} off.
          </>
        }
      />
      <Section title="People">
        <DefinitionList facts={listPeople(page)} />
      </Section>
      <Section title="Money" margin="In US dollars.">
        <DefinitionList facts={listMoney(page)} />
      </Section>
      <Section title="Credit">
        <DefinitionList facts={listCredit(page)} />
      </Section>
      <Section title="Refunds">
        <Refunds refunds={page.refunds} />
      </Section>
      <Section title="Timeline" margin="Times are UTC.">
        <Timeline events={page.events} />
      </Section>
    </>
  );
}

function listPeople({ transaction, buyer, sellerName }: Page) {
  return [
    { term: 'Buyer', value: <Link to={paths.admin.user(transaction.buyerId)}>{buyer.name}</Link>, note: buyer.email },
    { term: 'Seller', value: <Link to={paths.admin.user(transaction.sellerId)}>{sellerName}</Link> },
    {
      term: 'Lot',
      value: (
        <Link className="mono" to={paths.admin.listing(transaction.listingId)}>
          {shortId(transaction.listingId)}
        </Link>
      ),
    },
  ];
}

function listMoney({ transaction, stripeSessionId, paymentIntentId, paidAt }: Page) {
  const { priceCents, refundedCents, lostCents, releasedSellerCents, releasedFeeCents } = transaction;
  return [
    { term: 'Paid', value: paidAt ? formatCents(priceCents) : 'not paid', note: paidAt && <Time at={paidAt} /> },
    { term: 'Released to the seller', value: formatCents(releasedSellerCents), note: `and ${formatCents(releasedFeeCents)} of fee` },
    {
      term: 'Refunded',
      value: formatCents(refundedCents),
      note: lostCents > 0n && `${formatCents(lostCents)} of it is our loss: more than was unburned`,
    },
    ...(paidAt
      ? [{ term: 'Held', value: formatCents(priceCents + lostCents - refundedCents - releasedSellerCents - releasedFeeCents) }]
      : []),
    ...(transaction.settlementAt ? [{ term: 'Settlement day', value: <Time at={transaction.settlementAt} show="day" /> }] : []),
    { term: 'Stripe payment', value: <StripeId id={paymentIntentId} /> },
    { term: 'Stripe session', value: <StripeId id={stripeSessionId} /> },
  ];
}

function StripeId({ id }: { id: string | null }) {
  return id === null ? '—' : <span className="mono break-words">{id}</span>;
}

function listCredit({ grant, runs, transaction }: Page) {
  const lot = [{ term: 'Credit expires', value: <Time at={transaction.creditExpiresAt} show="day" /> }];
  if (!grant) return [{ term: 'Grant', value: 'none: it was not paid, or paid back at once' }, ...lot];
  return [
    { term: 'Grant', value: <StateBadge kind="grant" state={grant.state} /> },
    { term: 'Burned', value: formatNanoExact(grant.capturedNano), note: `in ${runs} ${runs === 1 ? 'run' : 'runs'}` },
    { term: 'Left', value: formatNano(grant.availableNano) },
    { term: 'Burn by', value: <Time at={grant.endsAt} /> },
    ...lot,
  ];
}

function Refunds({ refunds }: { refunds: Page['refunds'] }) {
  if (refunds.length === 0) return <EmptyState title="Nothing was refunded" />;
  return (
    <DataTable
      caption="Refunds of this purchase, oldest first"
      captionHidden
      rows={refunds}
      rowKey={(refund) => refund.id}
      columns={[
        { key: 'time', head: 'Asked for', rowHead: true, cell: (refund) => <Time at={refund.createdAt} /> },
        { key: 'state', head: 'State', cell: (refund) => <StateBadge kind="refund" state={refund.state} /> },
        { key: 'why', head: 'Why', cell: (refund) => refund.reason },
        { key: 'stripe', head: 'Stripe', cell: (refund) => <StripeId id={refund.stripeRefundId} /> },
        { key: 'refusal', head: 'Stripe said', cell: (refund) => refund.refusal ?? '—' },
        { key: 'amount', head: 'Amount', numeric: true, cell: (refund) => formatCents(refund.amountCents) },
      ]}
    />
  );
}
