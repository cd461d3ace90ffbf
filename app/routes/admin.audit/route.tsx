import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Chips, DataTable, EmptyState, Link, PageHead, Pager, Section, Time } from '~/components/ui';
import { paths } from '~/paths';
import { isId, shortId } from '~/platform/ids';
import { adminAudit } from '~/queries/admin-audit.server';
import { requireAdminCtx } from '~/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';

export const meta: MetaFunction = () => [{ title: 'Audit · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const query = new URL(args.request.url).searchParams;
  const before = /^\d{1,9}$/.test(query.get('before') ?? '') ? Number(query.get('before')) : null;
  const subject = query.get('subject');
  return { ...(await adminAudit(ctx, { before, subject })), subject, before };
}

type AuditRow = ReturnType<typeof useLoaderData<typeof loader>>['records'][number];

export default function Audit() {
  const { records, nextBefore, subject, before } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Audit"
        lead="Who did what. Records are only ever added, each chained to the one before it."
        above={<AdminTabs current="audit" />}
      />
      <Section title="Records" margin="Newest first.">
        {subject && <Chips chips={[{ label: subject, removeTo: paths.admin.audit() }]} />}
        {records.length === 0 ? (
          <EmptyState title="No records here">Every decision, change of rules and step of a listing is written down.</EmptyState>
        ) : (
          <DataTable
            caption="Audit log, newest first"
            captionHidden
            rows={records}
            rowKey={(record) => String(record.seq)}
            columns={[
              { key: 'seq', head: 'No.', numeric: true, rowHead: true, cell: (record) => record.seq },
              { key: 'time', head: 'Time', cell: (record) => <Time at={record.createdAt} /> },
              {
                key: 'who',
                head: 'Who',
                cell: (record) => (record.actorKind === 'system' ? record.actorName : `${record.actorName} (${record.actorKind})`),
              },
              { key: 'what', head: 'What', mono: true, cell: (record) => record.action },
              { key: 'subject', head: 'Subject', mono: true, cell: (record) => <Subject record={record} /> },
              { key: 'facts', head: 'Facts', cell: (record) => factsInWords(record) },
            ]}
          />
        )}
        <Pager
          {...(nextBefore !== null && { nextTo: paths.admin.audit({ before: nextBefore, subject: subject ?? undefined }) })}
          {...(before !== null && { previousTo: paths.admin.audit({ subject: subject ?? undefined }), previousLabel: 'Newest' })}
          nextLabel="Older"
        >
          50 to a page
        </Pager>
      </Section>
    </>
  );
}

function Subject({ record }: { record: AuditRow }) {
  return (
    <Link to={pageOf(record.subject)}>
      {record.subject.includes('_') && record.subject.length > 20 ? shortId(record.subject) : record.subject}
    </Link>
  );
}

function pageOf(subject: string): string {
  if (isId('listing', subject)) return paths.admin.listing(subject);
  return isId('user', subject) ? paths.admin.user(subject) : paths.admin.audit({ subject });
}

function factsInWords(record: AuditRow): string {
  return Object.entries(record.facts)
    .map(([key, value]) => `${key}: ${value}`)
    .join(' · ');
}
