import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { DataTable, EmptyState, Link, PageHead, Section, Stat, Stats, Time } from '~/components/ui';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatCents } from '~/platform/money';
import { adminLedger } from '~/queries/admin/admin-ledger.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';

export const meta: MetaFunction = () => [{ title: 'Ledger · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  return adminLedger(await requireAdminCtx(args));
}

/** The part after the colon is one of our ids or Stripe's. It is shortened and links to its page. */
function Reference({ text }: { text: string }) {
  const [, id = text] = text.split(':');
  return (
    <Link className="nowrap" to={paths.admin.search({ q: id })} title={text}>
      {id.length > 20 && id.includes('_') ? shortId(id) : id}
    </Link>
  );
}

const kindWords: Record<string, string> = {
  stripe_balance: 'Balance at Stripe',
  held: 'Held until burned',
  seller_payable: 'Payable to sellers',
  seller_receivable: 'Owed by sellers',
  platform_fees: 'Fees earned',
  stripe_fees: 'Fees paid to Stripe',
  losses: 'Losses',
  refund_clearing: 'Refunds on their way',
};

export default function Ledger() {
  const { balances, ownedCents, owedCents, entries, refunds, failedRefunds } = useLoaderData<typeof loader>();
  const held = balances.find((row) => row.kind === 'held')?.balanceCents ?? 0n;
  const failed = refunds.find((row) => row.state === 'failed');
  return (
    <>
      <PageHead
        title={`${formatCents(held)} held until burned`}
        lead="Every cent of the market, from the postings themselves."
        above={<AdminTabs current="ledger" />}
      >
        <Stats className="space-above-5">
          <Stat label="Debit accounts" value={formatCents(ownedCents)} note="what is there, and costs" />
          <Stat label="Credit accounts" value={formatCents(owedCents)} note="whose it is" />
          <Stat
            label="Difference"
            value={formatCents(ownedCents - owedCents)}
            note="must be $0.00"
            tone={ownedCents === owedCents ? 'ink' : 'fail'}
          />
          <Stat
            label="Failed refunds"
            value={failed?.count ?? 0}
            note={<Link to="#failed-refunds">{formatCents(failed?.amountCents ?? 0n)}</Link>}
            tone={failed ? 'fail' : 'ink'}
          />
        </Stats>
      </PageHead>
      <Section title="Balances" margin="By kind of account.">
        <DataTable
          caption="Balances by kind of account"
          captionHidden
          rows={balances}
          rowKey={(row) => row.kind}
          columns={[
            { key: 'kind', head: 'Account', rowHead: true, cell: (row) => kindWords[row.kind] ?? row.kind },
            { key: 'side', head: 'Side', cell: (row) => (row.creditNormal ? 'credit' : 'debit') },
            { key: 'accounts', head: 'Accounts', numeric: true, cell: (row) => row.accounts },
            { key: 'balance', head: 'Balance', numeric: true, cell: (row) => formatCents(row.balanceCents) },
          ]}
        />
      </Section>
      <Section title="Failed refunds" margin="The latest 50." id="failed-refunds">
        {failedRefunds.length === 0 ? (
          <EmptyState title="No refund has failed" />
        ) : (
          <DataTable
            caption="Refunds that failed, newest first"
            captionHidden
            rows={failedRefunds}
            rowKey={(row) => row.id}
            columns={[
              { key: 'time', head: 'Asked for', cell: (row) => <Time at={row.createdAt} /> },
              {
                key: 'purchase',
                head: 'Purchase',
                rowHead: true,
                mono: true,
                cell: (row) => <Link to={paths.admin.transaction(row.transactionId)}>{shortId(row.transactionId)}</Link>,
              },
              { key: 'refusal', head: 'Stripe said', cell: (row) => row.refusal ?? '—' },
              { key: 'amount', head: 'Amount', numeric: true, cell: (row) => formatCents(row.amountCents) },
            ]}
          />
        )}
      </Section>
      <Section title="Entries" margin="The latest 50.">
        {entries.length === 0 ? (
          <EmptyState title="Nothing was posted yet">The first paid checkout posts the first entry.</EmptyState>
        ) : (
          <DataTable
            caption="Latest entries"
            captionHidden
            rows={entries}
            rowKey={(row) => row.id}
            columns={[
              { key: 'time', head: 'Time', cell: (row) => <Time at={row.occurredAt} /> },
              { key: 'kind', head: 'Entry', cell: (row) => row.kind.replaceAll('_', ' ') },
              {
                key: 'reference',
                head: 'Reference',
                rowHead: true,
                mono: true,
                cell: (row) => <Reference text={row.reference} />,
              },
              { key: 'amount', head: 'Amount', numeric: true, cell: (row) => formatCents(row.amountCents) },
            ]}
          />
        )}
      </Section>
    </>
  );
}
