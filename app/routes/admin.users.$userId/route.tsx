import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { Breadcrumb, DataTable, DefinitionList, Link, Note, PageHead, Section, Time } from '~/components/ui';
import { orPage, submitForm } from '~/pages/forms.server';
import { paths } from '~/paths';
import { formatNano } from '~/platform/money';
import { adminUserPage } from '~/queries/admin/admin-user.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { reinstatePerson, suspendPerson } from '~/workflows/people/suspend-person.server';
import { AdminTabs } from '../admin/admin-tabs';
import { actionInWords } from '../admin/audit-words';
import { SellerLots } from '../admin/seller-lots';
import { Suspension } from './suspension';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.person.name ?? 'Nobody'} · Admin · Credit Mart` }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const query = new URL(args.request.url).searchParams;
  return { ...(await orPage(adminUserPage(ctx, args.params.userId ?? ''))), asked: query.get('ask'), done: query.get('done') };
}

const why = z.string({ error: 'Say why.' }).trim().min(1, 'Say why.').max(500, 'At most 500 characters.');
const SuspensionForm = z.object({ intent: z.enum(['suspend', 'reinstate']), reason: why });

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const { person } = await orPage(adminUserPage(ctx, args.params.userId ?? ''));
  return submitForm(args.request, SuspensionForm, async ({ intent, reason }) => {
    await (intent === 'suspend' ? suspendPerson : reinstatePerson)(ctx, { userId: person.id, reason });
    return redirect(paths.admin.user(person.id, { done: intent }));
  });
}

const doneWords: Record<string, string> = {
  suspend: 'Suspended. Every sign-in session has ended and every access key has stopped.',
  reinstate: 'Reinstated. The person is mailed, and makes new access keys.',
};

export default function AdminUser() {
  const page = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>() ?? null;
  const { person } = page;
  return (
    <>
      <PageHead
        above={
          <>
            <AdminTabs />
            <Breadcrumb steps={[{ label: 'Audit', to: paths.admin.audit() }, { label: person.name }]} />
          </>
        }
        title={person.name}
        lead={person.suspendedAt ? 'Suspended: cannot sign in, and no access key works.' : person.email}
      >
        {page.done && !lastResult && doneWords[page.done] && <Note role="status" className="space-above-5" title={doneWords[page.done]} />}
      </PageHead>
      <Section title="Account">
        <Facts page={page} />
      </Section>
      <Section title="Suspension" margin="Written down and mailed.">
        <Suspension person={person} own={page.own} confirming={page.asked === 'suspend'} lastResult={lastResult} />
      </Section>
      <Section title="Listings" margin="Decided each on its own.">
        <SellerLots lots={page.lots} caption="Listings of this person, newest first" none="This person sells nothing." />
      </Section>
      <Section title="Audit" margin={<Link to={paths.admin.audit({ subject: person.id })}>All records of this person</Link>}>
        <DataTable
          caption="Records of this person, newest first"
          captionHidden
          rows={page.records}
          rowKey={(record) => String(record.seq)}
          columns={[
            { key: 'time', head: 'Time', cell: (record) => <Time at={record.createdAt} /> },
            { key: 'who', head: 'Who', cell: (record) => record.actorName },
            { key: 'what', head: 'What', rowHead: true, cell: (record) => actionInWords(record.action) },
            { key: 'why', head: 'Why', cell: (record) => record.facts.reason ?? '—' },
          ]}
        />
      </Section>
    </>
  );
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

function Facts({ page }: { page: Page }) {
  const { person } = page;
  return (
    <DefinitionList
      facts={[
        { term: 'Email', value: person.email, note: person.verifiedAt ? 'verified' : 'not verified' },
        { term: 'Member since', value: <Time at={person.createdAt} show="day" /> },
        { term: 'Role', value: person.role },
        {
          term: 'Credit left',
          value: formatNano(page.leftNano),
          note: <Link to={paths.admin.search({ q: person.id })}>in {page.openGrants} open purchases</Link>,
        },
        { term: 'Access keys', value: page.liveKeys, note: 'that work' },
        ...(person.suspendedAt ? [{ term: 'Suspended', value: <Time at={person.suspendedAt} /> }] : []),
      ]}
    />
  );
}
