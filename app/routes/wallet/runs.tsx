import { Badge, DataTable, Link, LinkButton, Pager, Section, Time, type Column } from '~/components/ui';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatNanoExact } from '~/platform/money';
import type { Wallet, WalletKey } from '~/queries/buying/wallet.server';
import type { WalletRun } from '~/queries/buying/wallet-runs.server';
import { RunFilterForm } from './run-filter-form';
import { isOpen, runWord } from './run-words';

interface RunsProps {
  page: {
    runs: WalletRun[];
    next: string | null;
    firstPage: boolean;
    keys: readonly WalletKey[];
    runFilters: { typed: Record<string, string>; errors: Record<string, string> };
  };
}

/** The newest runs, with filters and a CSV. An open run shows its bound, an ended one its cost. */
export function Runs({ page }: RunsProps) {
  const { runs, next, firstPage, runFilters } = page;
  const { typed } = runFilters;
  const filtered = Object.keys(typed).length > 0;
  return (
    <Section
      id="runs"
      title="Runs"
      margin="Computed from Replicate’s metrics and our price book. May differ slightly from Replicate’s own invoice."
    >
      <RunFilterForm {...runFilters} keys={page.keys} />
      <div className="actions space-above-3">
        {filtered && <Link to={`${paths.wallet()}#runs`}>Show all</Link>}
        <LinkButton size="small" to={paths.walletRunsCsv(typed)} reloadDocument download>
          Download CSV
        </LinkButton>
      </div>
      {runs.length === 0 ? (
        <p>{filtered ? 'No run fits these filters.' : 'No run yet. Point a client at the base URL and send one.'}</p>
      ) : (
        <DataTable caption="Runs, newest first, times in UTC" captionHidden columns={columns} rows={runs} rowKey={(run) => run.id} />
      )}
      <Pager
        nextTo={next && `${paths.wallet({ ...typed, before: next })}#runs`}
        previousTo={firstPage ? null : `${paths.wallet(typed)}#runs`}
        previousLabel="Newest"
        nextLabel="Earlier runs"
      />
    </Section>
  );
}

const columns: Column<WalletRun>[] = [
  { key: 'time', head: 'Time', cell: (run) => <Time at={run.createdAt} show="second" /> },
  {
    key: 'model',
    head: 'Model',
    rowHead: true,
    cell: (run) => (
      <>
        <span className="mono">{run.model}</span>
        <span className="sub mono">{shortId(run.id)}</span>
      </>
    ),
  },
  { key: 'key', head: 'Key', cell: (run) => run.keyName ?? '' },
  { key: 'state', head: 'State', cell: (run) => <RunBadge run={run} /> },
  { key: 'metered', head: 'Metered', numeric: true, cell: (run) => run.metered ?? (isOpen(run) ? '' : '0') },
  { key: 'cost', head: 'Cost', numeric: true, cell: (run) => computeCost(run) },
];

function computeCost(run: WalletRun): string {
  if (isOpen(run)) return `≤ ${formatNanoExact(run.authorizedNano)}`;
  return `${formatNanoExact(run.capturedNano)}${run.estimated ? ' (estimated)' : ''}`;
}

function RunBadge({ run }: { run: WalletRun }) {
  const [word, tone] = runWord(run);
  return <Badge tone={tone}>{word}</Badge>;
}

/** Credit burned in the last thirty days by model, largest first. */
export function Models({ models }: { models: Wallet['models'] }) {
  const total = models.reduce((sum, row) => sum + row.burnedNano, 0n);
  if (models.length === 0) return null;
  return (
    <Section title="Burn by model" margin="The last 30 days.">
      <DataTable
        caption="Burn by model"
        captionHidden
        rows={models}
        rowKey={(row) => row.model}
        columns={[
          { key: 'model', head: 'Model', rowHead: true, mono: true, cell: (row) => row.model, total: '30 days' },
          { key: 'runs', head: 'Runs', numeric: true, cell: (row) => row.runs.toLocaleString('en-US') },
          { key: 'burned', head: 'Burned', numeric: true, cell: (row) => formatNanoExact(row.burnedNano), total: formatNanoExact(total) },
        ]}
      />
    </Section>
  );
}
