import { Form } from '@remix-run/react';
import { Button, Tabs } from '~/components/ui';
import { paths } from '~/paths';

const pages = [
  ['queue', 'Queue', paths.admin.queue()],
  ['search', 'Search', paths.admin.search()],
  ['ledger', 'Ledger', paths.admin.ledger()],
  ['exposures', 'Exposures', paths.admin.exposures()],
  ['jobs', 'Jobs and mail', paths.admin.jobs()],
  ['policy', 'Policy', paths.admin.policy()],
  ['audit', 'Audit', paths.admin.audit()],
] as const;

export type AdminPage = (typeof pages)[number][0];

interface AdminTabsProps {
  current?: AdminPage;
  /** The text in the search box. */
  searched?: string;
}

/** The admin's pages and the one search box, on top of each. */
export function AdminTabs({ current, searched = '' }: AdminTabsProps) {
  return (
    <div className="admin-head">
      <Tabs label="Admin" tabs={pages.map(([key, label, to]) => ({ label, to, current: key === current }))} />
      <Form method="get" action={paths.admin.search()} role="search" key={searched}>
        <input
          className="input"
          type="search"
          name="q"
          defaultValue={searched}
          aria-label="Search people, lots, purchases and ids"
          placeholder="Name, address or id"
          maxLength={200}
        />
        <Button size="small">Search</Button>
      </Form>
    </div>
  );
}
