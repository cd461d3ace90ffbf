import { Tabs } from '~/components/ui';
import { paths } from '~/paths';

const pages = [
  ['queue', 'Queue', paths.admin.queue()],
  ['ledger', 'Ledger', paths.admin.ledger()],
  ['jobs', 'Jobs and mail', paths.admin.jobs()],
  ['policy', 'Policy', paths.admin.policy()],
  ['audit', 'Audit', paths.admin.audit()],
] as const;

export type AdminPage = (typeof pages)[number][0];

/** The admin's pages, on top of each. */
export function AdminTabs({ current }: { current?: AdminPage }) {
  return (
    <div className="mb-6">
      <Tabs label="Admin" tabs={pages.map(([key, label, to]) => ({ label, to, current: key === current }))} />
    </div>
  );
}
