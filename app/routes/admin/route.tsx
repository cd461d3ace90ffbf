import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import {
  Badge,
  Chips,
  type Column,
  DataTable,
  EmptyState,
  Link,
  LinkButton,
  PageHead,
  Pager,
  Section,
  Stat,
  Stats,
  Time,
} from '~/components/ui';
import { LotLink } from '~/components';
import { oldSources } from '~/content/guide';
import { guides } from '~/content/guides.server';
import { paths } from '~/paths';
import { isId, shortId } from '~/platform/ids';
import { formatCents, formatNano } from '~/platform/money';
import { adminQueue, isQueueList, type QueueList } from '~/queries/admin/admin-queue.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from './admin-tabs';
import { waitedInWords } from './waited';

export const meta: MetaFunction = () => [{ title: 'Queue · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const query = new URL(args.request.url).searchParams;
  const [asked, after] = [query.get('show'), query.get('after')];
  const show = isQueueList(asked) ? asked : 'waiting';
  return {
    ...(await adminQueue(ctx, { show, after: isId('listing', after) ? after : null })),
    show,
    now: ctx.now,
    staleGuides: staleGuides(ctx.now),
  };
}

/** Guides with facts that nobody has looked at for 180 days: a task for admins. */
function staleGuides(now: Date) {
  return guides.flatMap((guide) => {
    const facts = oldSources(guide, now);
    return facts.length === 0 ? [] : [{ slug: guide.slug, title: guide.title, facts: facts.length }];
  });
}

const lists: Record<QueueList, { title: string; margin: string; caption: string; none: string; noneText: string }> = {
  waiting: {
    title: 'Queue',
    margin: 'Oldest first.',
    caption: 'Listings waiting for a decision, oldest first',
    none: 'Nothing waits for a decision',
    noneText: 'New listings and answers of sellers come here.',
  },
  asked: {
    title: 'With sellers',
    margin: 'A question is open. Oldest first.',
    caption: 'Listings whose seller was asked something, oldest first',
    none: 'No question is open',
    noneText: 'Listings are here from “Ask for more” until the seller answers.',
  },
  failing: {
    title: 'Under check',
    margin: 'A check failed, and the seller has time to mend it.',
    caption: 'Lots that failed a check, oldest first',
    none: 'Every lot passed its last check',
    noneText: 'Lots are here until the seller has mended them or the buyers are refunded.',
  },
};

type Item = ReturnType<typeof useLoaderData<typeof loader>>['items'][number];

export default function Queue() {
  const { items, nextAfter, waiting, oldestAt, now, underCheck, withSellers, undeliveredMail, failedRefunds, staleGuides, show } =
    useLoaderData<typeof loader>();
  const list = lists[show];
  return (
    <>
      <PageHead title={waiting === 1 ? '1 decision waiting' : `${waiting} decisions waiting`} above={<AdminTabs current="queue" />}>
        <Stats className="space-above-5">
          <Stat label="Oldest" value={oldestAt ? waitedInWords(oldestAt, now) : '—'} note="since it was submitted" />
          <Stat label="With sellers" value={withSellers} note={<Link to={paths.admin.queue({ show: 'asked' })}>a question is open</Link>} />
          <Stat
            label="Under check"
            value={underCheck}
            note={<Link to={paths.admin.queue({ show: 'failing' })}>lots that failed a check</Link>}
            tone={underCheck > 0 ? 'fail' : 'ink'}
          />
          <Stat
            label="Undelivered mail"
            value={undeliveredMail}
            note={<Link to={`${paths.admin.jobs()}#undelivered-mail`}>last 7 days</Link>}
            tone={undeliveredMail > 0 ? 'fail' : 'ink'}
          />
          <Stat
            label="Failed refunds"
            value={failedRefunds}
            note={<Link to={`${paths.admin.ledger()}#failed-refunds`}>see them</Link>}
            tone={failedRefunds > 0 ? 'fail' : 'ink'}
          />
        </Stats>
      </PageHead>
      <Section title={list.title} margin={list.margin}>
        {show !== 'waiting' && <Chips chips={[{ label: list.title, removeTo: paths.admin.queue() }]} />}
        {items.length === 0 ? (
          <EmptyState title={list.none}>{list.noneText}</EmptyState>
        ) : (
          <DataTable caption={list.caption} captionHidden rows={items} rowKey={(item) => item.id} columns={listColumns(now)} />
        )}
        {nextAfter !== null && (
          <Pager nextTo={paths.admin.queue({ show: show === 'waiting' ? undefined : show, after: nextAfter })}>50 to a page</Pager>
        )}
      </Section>
      {staleGuides.length > 0 && (
        <Section
          title="Guides to check"
          margin="Facts older than 180 days. Look at the source, then set its date in the guide’s file."
          id="guides"
        >
          <ul className="guide-list">
            {staleGuides.map(({ slug, title, facts }) => (
              <li key={slug}>
                <Link to={`${paths.guide(slug)}#sources`}>{title}</Link>: {facts} {facts === 1 ? 'source' : 'sources'}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function listColumns(now: Date): Column<Item>[] {
  return [
    { key: 'waiting', head: 'Waiting', cell: (item) => <Time at={item.submittedAt}>{waitedInWords(item.submittedAt, now)}</Time> },
    {
      key: 'listing',
      head: 'Listing',
      rowHead: true,
      cell: (item) => (
        <>
          <LotLink to={paths.admin.listing(item.id)} lot={item} />
          {item.raiseToNano !== null && <span className="sub">raise to {formatNano(item.raiseToNano)}</span>}
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
