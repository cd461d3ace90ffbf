import type { LoaderFunctionArgs } from '@remix-run/node';
import { csvDownload } from '~/pages/csv.server';
import { adminAuditBatches, type AuditRow } from '~/queries/admin/admin-audit.server';
import { readAuditFilters } from '~/queries/admin/audit-filters';
import { requireAdminCtx } from '~/pages/request-context.server';
import { toDateInput } from '~/platform/dates';
import { actionInWords, factsInWords } from '../admin/audit-words';

const head = ['Number', 'Time (UTC)', 'Kind', 'Who', 'Who (id)', 'Did what', 'Action', 'To what', 'Facts'];

/** The audit log as CSV, with the page's filters. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const ctx = await requireAdminCtx(args);
  const { filters } = readAuditFilters(new URL(args.request.url).searchParams);
  return csvDownload(`audit-${toDateInput(ctx.now)}.csv`, head, linesOf(adminAuditBatches(ctx, filters)));
}

async function* linesOf(batches: AsyncIterable<AuditRow[]>) {
  for await (const rows of batches) yield rows.map(toCsvLine);
}

function toCsvLine(row: AuditRow): string[] {
  const { seq, createdAt, actorKind, actorName, actorId, action, subject, facts } = row;
  return [
    String(seq),
    createdAt.toISOString(),
    actorKind,
    actorName,
    actorId ?? '',
    actionInWords(action),
    action,
    subject,
    factsInWords(facts),
  ];
}
