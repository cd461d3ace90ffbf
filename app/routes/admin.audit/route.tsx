import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { DataTable, EmptyState, Link, LinkButton, PageHead, Pager, Section, Time } from '~/components/ui';
import { withoutEmptyFields } from '~/pages/forms.server';
import { paths } from '~/paths';
import { isId, shortId } from '~/platform/ids';
import { adminAudit } from '~/queries/admin/admin-audit.server';
import { readAuditFilters } from '~/queries/admin/audit-filters';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';
import { actionInWords, factsInWords } from '../admin/audit-words';
import { AuditFilterForm } from './filter-form';

export const meta: MetaFunction = () => [{ title: 'Audit · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  withoutEmptyFields(args.request);
  const query = new URL(args.request.url).searchParams;
  const before = /^\d{1,9}$/.test(query.get('before') ?? '') ? Number(query.get('before')) : null;
  const { filters, errors, typed } = readAuditFilters(query);
  const shown = { ...(await adminAudit(ctx, { before, filters })), typed, errors, before };
  return data(shown, { status: Object.keys(errors).length > 0 ? 422 : 200 });
}

type AuditRow = ReturnType<typeof useLoaderData<typeof loader>>['records'][number];

export default function Audit() {
  const { records, nextBefore, typed, errors, before } = useLoaderData<typeof loader>();
  const filtered = Object.keys(typed).length > 0;
  return (
    <>
      <PageHead
        title="Audit"
        lead="Who did what. Records are only ever added, each chained to the one before it."
        above={<AdminTabs current="audit" />}
      />
      <Section title="Records" margin="Newest first. Times are UTC." wide>
        <AuditFilterForm typed={typed} errors={errors} />
        <div className="actions space-above-3 space-below-3">
          {filtered && <Link to={paths.admin.audit()}>Show all</Link>}
          <LinkButton size="small" to={paths.admin.auditCsv(typed)} reloadDocument download>
            Download CSV
          </LinkButton>
        </div>
        {records.length === 0 ? (
          <EmptyState title="No records here">
            {filtered
              ? 'Loosen a filter, or look at all of them.'
              : 'Every decision, change of rules and step of a listing is written down.'}
          </EmptyState>
        ) : (
          <Records records={records} />
        )}
        <Pager
          {...(nextBefore !== null && { nextTo: paths.admin.audit({ ...typed, before: nextBefore }) })}
          {...(before !== null && { previousTo: paths.admin.audit(typed), previousLabel: 'Newest' })}
          nextLabel="Older"
        >
          50 to a page
        </Pager>
      </Section>
    </>
  );
}

function Records({ records }: { records: AuditRow[] }) {
  return (
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
        { key: 'what', head: 'Did what', cell: (record) => <span title={record.action}>{actionInWords(record.action)}</span> },
        { key: 'subject', head: 'To what', mono: true, cell: (record) => <Subject record={record} /> },
        { key: 'facts', head: 'Facts', cell: (record) => factsInWords(record.facts) },
      ]}
    />
  );
}

function Subject({ record }: { record: AuditRow }) {
  return (
    <Link to={pageUrl(record.subject)}>
      {record.subject.includes('_') && record.subject.length > 20 ? shortId(record.subject) : record.subject}
    </Link>
  );
}

function pageUrl(subject: string): string {
  if (isId('listing', subject)) return paths.admin.listing(subject);
  if (isId('transaction', subject)) return paths.admin.transaction(subject);
  return isId('user', subject) ? paths.admin.user(subject) : paths.admin.audit({ subject });
}
