import { ok, type Reply } from '../http/reply';
import type { Sandbox } from '../sandbox';
import type { AccountRecord } from '../world/records';
import { unprocessable } from './problems';

const PAGE_SIZE = 100;

/** GET /v1/predictions: the account's own, newest first, 100 a page. Cursors count from the oldest, so new predictions do not shift pages.
 *  `created_after` and `created_before` (ISO times) narrow the list. */
export function listPredictions(sandbox: Sandbox, account: AccountRecord, query: URLSearchParams): Reply {
  const ids = sandbox.world.listPredictionIds(account.username);
  const end = readCursor(query.get('cursor'), ids.length);
  const after = timeIn(query, 'created_after', -Infinity);
  const before = timeIn(query, 'created_before', Infinity);
  if (end === undefined || Number.isNaN(after) || Number.isNaN(before)) return unprocessable('Invalid cursor or time.');

  const page: object[] = [];
  let position = end;
  for (; position > 0 && page.length < PAGE_SIZE; position -= 1) {
    const prediction = sandbox.world.prediction(ids[position - 1] ?? '');
    if (prediction.createdAt >= after && prediction.createdAt < before) page.push(sandbox.render(prediction));
  }
  return ok({
    next: position > 0 ? pageUrl(sandbox.baseUrl, query, position) : null,
    previous: end < ids.length ? pageUrl(sandbox.baseUrl, query, Math.min(ids.length, end + PAGE_SIZE)) : null,
    results: page,
  });
}

function pageUrl(baseUrl: string, query: URLSearchParams, end: number): string {
  const params = new URLSearchParams(query);
  params.set('cursor', Buffer.from(`p${end}`).toString('base64url'));
  return `${baseUrl}/v1/predictions?${params.toString()}`;
}

function readCursor(cursor: string | null, length: number): number | undefined {
  if (cursor === null) return length;
  const match = /^p(\d{1,12})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match ? Math.min(length, Number(match[1])) : undefined;
}

function timeIn(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(name);
  return value === null ? otherwise : Date.parse(value);
}
