import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { StateBadge } from '~/components';
import { Badge, DataTable, EmptyState, Link, PageHead, Section, Time } from '~/components/ui';
import { withoutEmptyFields } from '~/pages/forms.server';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatCents, formatNano } from '~/platform/money';
import { adminSearch, longestSearch } from '~/queries/admin/admin-search.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';
import { SellerLots } from '../admin/seller-lots';

export const meta: MetaFunction = () => [{ title: 'Search · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  withoutEmptyFields(args.request);
  const q = (new URL(args.request.url).searchParams.get('q') ?? '').replaceAll('\0', '').slice(0, longestSearch);
  return { q, ...(await adminSearch(ctx, q)) };
}

type Found = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Search() {
  const { q, people, lots, purchases } = useLoaderData<typeof loader>();
  const sum = people.length + lots.length + purchases.length;
  return (
    <>
      <PageHead
        title={q === '' ? 'Search' : `${sum} found for “${q}”`}
        lead="People, lots and purchases, by name, mail address, Replicate username, or an id of ours, of Stripe or of a run."
        above={<AdminTabs current="search" searched={q} />}
      />
      {q !== '' && sum === 0 && (
        <EmptyState as="h2" title="Nothing is found">
          Names and addresses are found by any part of them, ids only whole or as pages show them, such as lst_3f09ac.
        </EmptyState>
      )}
      {people.length > 0 && (
        <Section title="People" margin={most(people)}>
          <People people={people} />
        </Section>
      )}
      {lots.length > 0 && (
        <Section title="Lots" margin={most(lots)}>
          <SellerLots lots={lots} caption="Lots found, newest first" none="" />
        </Section>
      )}
      {purchases.length > 0 && (
        <Section title="Purchases" margin={most(purchases)}>
          <Purchases purchases={purchases} />
        </Section>
      )}
    </>
  );
}

function most(rows: readonly unknown[]): string {
  return rows.length === 20 ? 'The newest 20.' : 'Newest first.';
}

function People({ people }: { people: Found['people'] }) {
  return (
    <DataTable
      caption="People found, newest first"
      captionHidden
      rows={people}
      rowKey={(person) => person.id}
      columns={[
        {
          key: 'name',
          head: 'Name',
          rowHead: true,
          cell: (person) => <Link to={paths.admin.user(person.id)}>{person.name}</Link>,
        },
        { key: 'email', head: 'Email', className: 'break-words', cell: (person) => person.email },
        {
          key: 'state',
          head: 'State',
          cell: (person) => (person.suspendedAt ? <Badge tone="fail">Suspended</Badge> : <Badge>{person.role}</Badge>),
        },
      ]}
    />
  );
}

function Purchases({ purchases }: { purchases: Found['purchases'] }) {
  return (
    <DataTable
      caption="Purchases found, newest first"
      captionHidden
      rows={purchases}
      rowKey={(purchase) => purchase.id}
      columns={[
        {
          key: 'id',
          head: 'Purchase',
          rowHead: true,
          mono: true,
          cell: (purchase) => <Link to={paths.admin.transaction(purchase.id)}>{shortId(purchase.id)}</Link>,
        },
        { key: 'time', head: 'Time', cell: (purchase) => <Time at={purchase.createdAt} /> },
        { key: 'buyer', head: 'Buyer', cell: (purchase) => purchase.buyerName },
        { key: 'state', head: 'State', cell: (purchase) => <StateBadge kind="transaction" state={purchase.state} /> },
        { key: 'face', head: 'Credit', numeric: true, cell: (purchase) => formatNano(purchase.creditNano) },
        { key: 'price', head: 'Price', numeric: true, cell: (purchase) => formatCents(purchase.priceCents) },
      ]}
    />
  );
}
