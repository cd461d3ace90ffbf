import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, DataTable, EmptyState, Link, PageHead, Section, Time } from '~/components/ui';
import { paths } from '~/paths';
import { adminJobs } from '~/queries/admin/admin-jobs.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';

export const meta: MetaFunction = () => [{ title: 'Jobs and mail · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  return adminJobs(await requireAdminCtx(args));
}

export default function Jobs() {
  const { jobs, mail } = useLoaderData<typeof loader>();
  const dead = jobs.filter((job) => job.dead).length;
  return (
    <>
      <PageHead
        title={dead === 1 ? '1 dead job' : `${dead} dead jobs`}
        lead={`${jobs.length - dead} failed and will be tried again. ${mail.length} mails were not delivered.`}
        above={<AdminTabs current="jobs" />}
      />
      <Section title="Jobs" margin="That failed at least once.">
        {jobs.length === 0 ? (
          <EmptyState title="No job has failed" />
        ) : (
          <DataTable
            caption="Failed jobs, dead ones first"
            captionHidden
            rows={jobs}
            rowKey={(job) => job.id}
            columns={[
              { key: 'name', head: 'Job', rowHead: true, mono: true, cell: (job) => job.name },
              { key: 'state', head: 'State', cell: (job) => (job.dead ? <Badge tone="fail">Dead</Badge> : <Badge>Tried again</Badge>) },
              { key: 'tries', head: 'Tries', numeric: true, cell: (job) => `${job.attempts} of ${job.maxAttempts}` },
              { key: 'next', head: 'Next try', cell: (job) => (job.dead ? '—' : <Time at={job.runAt} />) },
              { key: 'failure', head: 'Failure', cell: (job) => job.failure },
            ]}
          />
        )}
      </Section>
      <Section title="Undelivered mail" id="undelivered-mail">
        {mail.length === 0 ? (
          <EmptyState title="All mail was delivered" />
        ) : (
          <DataTable
            caption="Mail that was not delivered, newest first"
            captionHidden
            rows={mail}
            rowKey={(row) => row.id}
            columns={[
              { key: 'time', head: 'Written', cell: (row) => <Time at={row.createdAt} /> },
              {
                key: 'to',
                head: 'To',
                rowHead: true,
                cell: (row) => <Link to={paths.admin.search({ q: row.recipient })}>{row.recipient}</Link>,
              },
              { key: 'subject', head: 'Subject', cell: (row) => row.subject },
              { key: 'failure', head: 'Failure', cell: (row) => row.failure },
            ]}
          />
        )}
      </Section>
    </>
  );
}
