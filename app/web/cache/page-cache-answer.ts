import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

type Headers = readonly (string | string[])[];

/** Half the size of the slowest level's gain costs a tenth of its time. */
const LEVEL = 5;

/** A page as it was sent once, to be sent again: all but the nonce of its policy, which is new at every send. */
export interface CachedAnswer {
  etag: string;
  /** As the first answer had them, name and value in turn, as node takes them at once. */
  headers: Headers;
  /** The same for a 304, which has nothing to describe. */
  headersUnchanged: Headers;
  /** Its policy, cut where the nonce stands. */
  policy: readonly string[];
  page: Buffer;
  /** Made when somebody first asks for it. */
  gzip(): Buffer;
}

const POLICY = 'content-security-policy';
/** What belongs to one answer alone, or is written at each send. */
const OWN = new Set([
  POLICY,
  'x-request-id',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'vary',
]);

/** What is kept of a first answer: its headers, its policy without the nonce, and its page, in which the nonce does not stand. */
export function recordAnswer(headers: OutgoingHttpHeaders, page: Buffer, nonce: string): CachedAnswer {
  let gzip: Buffer | undefined;
  return {
    etag: `W/"${createHash('sha1').update(page).digest('base64url')}"`,
    headers: headerList(headers, (name) => !OWN.has(name)),
    headersUnchanged: headerList(headers, (name) => !OWN.has(name) && name !== 'content-type'),
    policy: String(headers[POLICY] ?? '').split(nonce || '\n'),
    page,
    gzip: () => (gzip ??= gzipSync(page, { level: LEVEL })),
  };
}

/** About what it takes in memory, the compressed copy reckoned in. */
export function estimateBytes({ page }: CachedAnswer): number {
  return Math.ceil(page.length * 1.4) + 4_096;
}

/** What belongs to one sending of an answer. */
export interface Sending {
  nonce: string;
  requestId: string;
}

/**
 * Sends a kept page under a policy of this answer's own, or 304 where the browser has it already. A 304 brings no policy: what the
 * browser keeps has the one it came with. All headers go to node in one list.
 */
export function sendAnswer(req: IncomingMessage, res: ServerResponse, answer: CachedAnswer, { nonce, requestId }: Sending): void {
  const own = ['X-Request-Id', requestId, 'ETag', answer.etag, 'Vary', 'Accept-Encoding, Cookie'];
  if (matches(req.headers['if-none-match'], answer.etag)) {
    write(res, 304, [...own, ...answer.headersUnchanged]).end();
    return;
  }
  const compressed = acceptsGzip(req.headers['accept-encoding']);
  const body = compressed ? answer.gzip() : answer.page;
  own.push('Content-Length', String(body.length));
  if (compressed) own.push('Content-Encoding', 'gzip');
  own.push(POLICY, answer.policy.join(nonce));
  write(res, 200, [...own, ...answer.headers]).end(req.method === 'HEAD' ? undefined : body);
}

/** Writes a head and nothing of what was set for this answer before: at once where nothing was, which is a hit. */
function write(res: ServerResponse, status: number, headers: Headers): ServerResponse {
  const before = res.getHeaderNames();
  if (before.length === 0) return res.writeHead(status, [...headers]);
  for (const name of before) res.removeHeader(name);
  for (let at = 0; at < headers.length; at += 2) res.setHeader(String(headers[at]), headers[at + 1] ?? '');
  return res.writeHead(status);
}

function headerList(headers: OutgoingHttpHeaders, keeps: (name: string) => boolean): Headers {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || !keeps(name)) return [];
    return [name, typeof value === 'number' ? String(value) : value];
  });
}

/** RFC 9110 §13.1.2: any of the list, compared weakly. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = etag.slice(2);
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === bare);
}

function acceptsGzip(accepted: string | undefined): boolean {
  return accepted !== undefined && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted);
}
