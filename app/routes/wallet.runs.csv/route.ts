import type { LoaderFunctionArgs } from '@remix-run/node';
import { csvDownload } from '~/pages/csv.server';
import { orPage } from '~/pages/forms.server';
import { toDateInput } from '~/platform/dates';
import { formatNanoPlain } from '~/platform/money';
import { limit } from '~/platform/rate-limit.server';
import { readRunFilters } from '~/queries/buying/run-filters';
import { walletRunBatches, type WalletRun } from '~/queries/buying/wallet-runs.server';
import { requireUserCtx } from '~/pages/request-context.server';
import { isOpen, runWord } from '../wallet/run-words';

const head = [
  'Run',
  'Started (UTC)',
  'Settled (UTC)',
  'Model',
  'Version',
  'Key',
  'State',
  'Metered',
  'Cost (USD)',
  'At most (USD)',
  'Estimated',
  'Lot',
];

/** The signed-in buyer's runs as CSV, with the page's filters. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const ctx = await requireUserCtx(args);
  await orPage(limit(ctx, 'runs_file', ctx.userId));
  const { filters } = readRunFilters(new URL(args.request.url).searchParams);
  return csvDownload(`runs-${toDateInput(ctx.now)}.csv`, head, linesOf(walletRunBatches(ctx, filters)));
}

async function* linesOf(batches: AsyncIterable<WalletRun[]>) {
  for await (const runs of batches) yield runs.map(toCsvLine);
}

/** An open run has no cost yet: `At most` is what is set aside for it. */
function toCsvLine(run: WalletRun): string[] {
  return [
    run.id,
    run.createdAt.toISOString(),
    run.settledAt?.toISOString() ?? '',
    run.model,
    run.version,
    run.keyName ?? '',
    runWord(run)[0],
    run.metered ?? '',
    isOpen(run) ? '' : formatNanoPlain(run.capturedNano),
    isOpen(run) ? formatNanoPlain(run.authorizedNano) : '',
    run.estimated ? 'yes' : 'no',
    run.listingId,
  ];
}
