import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { DataTable, EmptyState, Link, PageHead, Pager, Section, Stat, Stats, Time } from '~/components/ui';
import { exposureReasons } from '~/modules/metering/exposure-reasons';
import { paths } from '~/paths';
import { isId, shortId } from '~/platform/ids';
import { formatNano, formatNanoExact } from '~/platform/money';
import { adminExposures } from '~/queries/admin/admin-exposures.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';

export const meta: MetaFunction = () => [{ title: 'Exposures · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const asked = new URL(args.request.url).searchParams.get('before');
  const before = isId('exposure', asked) ? asked : null;
  return { ...(await adminExposures(ctx, before)), before };
}

type Page = Awaited<ReturnType<typeof adminExposures>>;

const toWords = (reason: string) => exposureReasons[reason] ?? reason;

export default function Exposures() {
  const { byReason, byBuyer, probes, limitNano, exposures, nextBefore, before } = useLoaderData<typeof loader>();
  const total = byReason.reduce((sum, row) => sum + row.nano, 0n);
  return (
    <>
      <PageHead
        title={`${formatNano(total)} exposed in 30 days`}
        lead="What runs may have cost a lot at Replicate while no buyer pays for it."
        above={<AdminTabs current="exposures" />}
      >
        <Stats className="space-above-5">
          <Stat label="Runs" value={byReason.reduce((sum, row) => sum + row.count, 0)} note="in 30 days" />
          <Stat label="Limit per buyer" value={formatNano(limitNano)} note={<Link to={paths.admin.policy()}>a rule of the market</Link>} />
          <Stat label="Our small runs" value={formatNanoExact(probes.nano)} note={`${probes.count} made to check credit, in 30 days`} />
        </Stats>
      </PageHead>
      <Section title="Reasons" margin="The last 30 days.">
        {byReason.length === 0 ? <EmptyState title="Nothing is exposed" /> : <Reasons rows={byReason} />}
      </Section>
      <Section title="Buyers" margin="Largest first. Above the limit, new runs are refused.">
        {byBuyer.length === 0 ? <EmptyState title="No buyer has caused any" /> : <Buyers rows={byBuyer} limitNano={limitNano} />}
      </Section>
      <Section title="Runs" margin="Newest first. Times are UTC." wide>
        {exposures.length === 0 ? <EmptyState title="No run has left an exposure" /> : <Runs rows={exposures} />}
        <Pager
          {...(nextBefore !== null && { nextTo: paths.admin.exposures({ before: nextBefore }) })}
          {...(before !== null && { previousTo: paths.admin.exposures(), previousLabel: 'Newest' })}
          nextLabel="Older"
        >
          50 to a page
        </Pager>
      </Section>
    </>
  );
}

function Reasons({ rows }: { rows: Page['byReason'] }) {
  return (
    <DataTable
      caption="Exposures by reason"
      captionHidden
      rows={rows}
      rowKey={(row) => row.reason}
      columns={[
        { key: 'reason', head: 'Reason', rowHead: true, cell: (row) => toWords(row.reason) },
        { key: 'count', head: 'Runs', numeric: true, cell: (row) => row.count },
        { key: 'amount', head: 'Amount', numeric: true, cell: (row) => formatNanoExact(row.nano) },
      ]}
    />
  );
}

function Buyers({ rows, limitNano }: { rows: Page['byBuyer']; limitNano: bigint }) {
  return (
    <DataTable
      caption="Exposures by buyer"
      captionHidden
      rows={rows}
      rowKey={(row) => row.buyerId}
      columns={[
        {
          key: 'buyer',
          head: 'Buyer',
          rowHead: true,
          cell: (row) => <Link to={paths.admin.user(row.buyerId)}>{row.name ?? row.buyerId}</Link>,
        },
        { key: 'count', head: 'Runs', numeric: true, cell: (row) => row.count },
        { key: 'amount', head: 'Amount', numeric: true, cell: (row) => formatNanoExact(row.nano) },
        { key: 'stopped', head: 'New runs', cell: (row) => (row.nano > limitNano ? 'refused' : 'taken') },
      ]}
    />
  );
}

function Runs({ rows }: { rows: Page['exposures'] }) {
  return (
    <DataTable
      caption="Exposures, newest first"
      captionHidden
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'at', head: 'When', rowHead: true, cell: (row) => <Time at={row.createdAt} /> },
        { key: 'reason', head: 'Reason', cell: (row) => (row.detail ? `${toWords(row.reason)}. ${row.detail}` : toWords(row.reason)) },
        { key: 'model', head: 'Model', cell: (row) => row.model ?? 'unknown' },
        { key: 'run', head: 'Prediction', cell: (row) => (row.upstreamId ? <span className="mono">{row.upstreamId}</span> : 'none') },
        { key: 'buyer', head: 'Buyer', cell: (row) => <Link to={paths.admin.user(row.buyerId)}>{shortId(row.buyerId)}</Link> },
        { key: 'lot', head: 'Lot', cell: (row) => <Link to={paths.admin.listing(row.listingId)}>{shortId(row.listingId)}</Link> },
        { key: 'amount', head: 'Amount', numeric: true, cell: (row) => formatNanoExact(row.amountNano) },
      ]}
    />
  );
}
