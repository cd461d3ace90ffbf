import { Badge, DataTable, Pager, Section, Time, type BadgeTone, type Column } from '~/components/ui';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatNanoExact } from '~/platform/money';
import type { Wallet } from '~/queries/wallet.server';
import type { WalletRun } from '~/queries/wallet-runs.server';

/** The newest runs, as they happen: the bound while one runs, the cost once it has ended. */
export function Runs({ runs, next, firstPage }: { runs: WalletRun[]; next: string | null; firstPage: boolean }) {
  return (
    <Section
      id="runs"
      title="Runs"
      margin="Computed from Replicate’s metrics and our price book. May differ slightly from Replicate’s own invoice."
    >
      {runs.length === 0 ? (
        <p>No run yet. Point a client at the base URL and send one.</p>
      ) : (
        <DataTable caption="Runs, newest first, times in UTC" captionHidden columns={columns} rows={runs} rowKey={(run) => run.id} />
      )}
      <Pager
        nextTo={next && `${paths.wallet({ before: next })}#runs`}
        previousTo={firstPage ? null : `${paths.wallet()}#runs`}
        previousLabel="Newest"
        nextLabel="Earlier runs"
      />
    </Section>
  );
}

const columns: Column<WalletRun>[] = [
  { key: 'time', head: 'Time', cell: (run) => <Time at={run.createdAt} /> },
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
  { key: 'cost', head: 'Cost', numeric: true, cell: (run) => costOf(run) },
];

function isOpen(run: WalletRun): boolean {
  return run.state === 'authorized' || run.state === 'unknown';
}

function costOf(run: WalletRun): string {
  if (isOpen(run)) return `≤ ${formatNanoExact(run.authorizedNano)}`;
  return `${formatNanoExact(run.capturedNano)}${run.estimated ? ' (estimated)' : ''}`;
}

function RunBadge({ run }: { run: WalletRun }) {
  const [word, tone] = wordOf(run);
  return <Badge tone={tone}>{word}</Badge>;
}

function wordOf(run: WalletRun): [word: string, tone: BadgeTone] {
  if (run.state === 'unknown') return ['Being checked', 'near'];
  if (run.state === 'authorized') return ['Running', 'burn'];
  if (run.state === 'captured') return run.upstreamStatus === 'canceled' ? ['Canceled', 'neutral'] : ['Succeeded', 'neutral'];
  if (run.upstreamStatus === 'failed') return ['Failed, free', 'fail'];
  return run.upstreamStatus === 'canceled' || run.upstreamStatus === 'aborted'
    ? ['Canceled, free', 'neutral']
    : ['Not run, free', 'neutral'];
}

/** What the last thirty days burned, by model, dearest first. */
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
