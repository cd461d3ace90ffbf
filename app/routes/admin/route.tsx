import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, type Column, DataTable, EmptyState, Link, LinkButton, PageHead, Pager, Section, Stat, Stats, Time } from '~/components/ui';
import { paths } from '~/paths';
import { isId, shortId } from '~/platform/ids';
import { formatCents, formatNano, formatPercent } from '~/platform/money';
import { adminQueue } from '~/queries/admin-queue.server';
import { requireAdminCtx } from '~/request-context.server';
import { AdminTabs } from './admin-tabs';
import { waitedInWords } from './waited';

export const meta: MetaFunction = () => [{ title: 'Queue · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const after = new URL(args.request.url).searchParams.get('after');
  return { ...(await adminQueue(ctx, isId('listing', after) ? after : null)), now: ctx.now };
}

type Item = ReturnType<typeof useLoaderData<typeof loader>>['items'][number];

export default function Queue() {
  const { items, nextAfter, waiting, oldestAt, now, underCheck, withSellers, undeliveredMail, failedRefunds } =
    useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={waiting === 1 ? '1 decision waiting' : `${waiting} decisions waiting`} above={<AdminTabs current="queue" />}>
        <Stats className="mt-6">
          <Stat label="Oldest" value={oldestAt ? waitedInWords(oldestAt, now) : '—'} note="since it was submitted" />
          <Stat label="With sellers" value={withSellers} note="a question is open" />
          <Stat label="Under check" value={underCheck} note="lots that failed a check" tone={underCheck > 0 ? 'fail' : 'ink'} />
          <Stat
            label="Undelivered mail"
            value={undeliveredMail}
            note={<Link to={paths.admin.jobs()}>last 7 days</Link>}
            tone={undeliveredMail > 0 ? 'fail' : 'ink'}
          />
          <Stat
            label="Failed refunds"
            value={failedRefunds}
            note={<Link to={paths.admin.ledger()}>ledger</Link>}
            tone={failedRefunds > 0 ? 'fail' : 'ink'}
          />
        </Stats>
      </PageHead>
      <Section title="Queue" margin="Oldest first.">
        {items.length === 0 ? (
          <EmptyState title="Nothing waits for a decision">New listings and answers of sellers come here.</EmptyState>
        ) : (
          <DataTable
            caption="Listings waiting for a decision, oldest first"
            captionHidden
            rows={items}
            rowKey={(item) => item.id}
            columns={columnsOf(now)}
          />
        )}
        {nextAfter !== null && <Pager nextTo={paths.admin.queue({ after: nextAfter })}>50 to a page</Pager>}
      </Section>
    </>
  );
}

function columnsOf(now: Date): Column<Item>[] {
  return [
    { key: 'waiting', head: 'Waiting', cell: (item) => <Time at={item.submittedAt}>{waitedInWords(item.submittedAt, now)}</Time> },
    {
      key: 'listing',
      head: 'Listing',
      rowHead: true,
      cell: (item) => (
        <>
          <Link to={paths.admin.listing(item.id)}>
            {formatNano(item.faceNano)} at {formatPercent(item.discountBps)} off
          </Link>
          <span className="sub">
            {item.sellerName}, <span className="mono">{shortId(item.id)}</span>
          </span>
        </>
      ),
    },
    {
      key: 'flags',
      head: 'Look at',
      cell: (item) =>
        item.flags.length === 0 ? (
          <span className="soft">no flags</span>
        ) : (
          <span className="row-actions">
            {item.flags.map((flag) => (
              <Badge key={flag}>{flag}</Badge>
            ))}
          </span>
        ),
    },
    { key: 'price', head: 'Price', numeric: true, cell: (item) => formatCents(item.priceCents) },
    {
      key: 'action',
      head: 'Action',
      headHidden: true,
      numeric: true,
      cell: (item) =>
        item.own ? (
          <span className="soft">your own</span>
        ) : (
          <LinkButton
            size="small"
            to={paths.admin.listing(item.id)}
            aria-label={`Review ${formatNano(item.faceNano)} of ${item.sellerName}`}
          >
            Review
          </LinkButton>
        ),
    },
  ];
}
