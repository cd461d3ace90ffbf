import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { gzipWithGaps, type GzipWithGaps } from './gzip-parts';

/** A page as it was sent once, to be sent again: all but the nonce of its scripts, which is new at every send. */
export interface CachedAnswer {
  etag: string;
  /** As the first answer had them; `nonceAt` marks where the nonce stands in the policy. */
  headers: [name: string, value: string | number | readonly string[]][];
  policy: readonly string[];
  page: Buffer;
  nonceAt: readonly number[];
  nonceBytes: number;
  /** Made when somebody first asks for it. */
  gzip(): GzipWithGaps;
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

/** What is kept of a first answer: its headers, and its page cut at the nonce, which nobody could know before. */
export function recordAnswer(headers: OutgoingHttpHeaders, page: Buffer, nonce: string): CachedAnswer {
  const nonceAt = nonce === '' ? [] : placesOf(page, nonce);
  const parts = partsBetween(page, nonceAt, nonce.length);
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  let gzip: GzipWithGaps | undefined;
  return {
    etag: `W/"${hash.digest('base64url')}"`,
    headers: Object.entries(headers).flatMap(([name, value]) => (value === undefined || OWN.has(name) ? [] : [[name, value]])),
    policy: String(headers[POLICY] ?? '').split(nonce || '\n'),
    page,
    nonceAt,
    nonceBytes: nonce.length,
    gzip: () => (gzip ??= gzipWithGaps(parts, nonce.length)),
  };
}

/** About what it takes in memory, the compressed copy reckoned in. */
export function bytesOf({ page }: CachedAnswer): number {
  return Math.ceil(page.length * 1.4) + 4_096;
}

/**
 * Sends a kept page under a nonce of this answer's own, or 304 where the browser has it already. A 304 brings no policy: the browser
 * would lay it over the page it keeps, whose scripts carry the nonce they came with.
 */
export function sendAnswer(req: Request, res: Response, answer: CachedAnswer, nonce: string): void {
  res.setHeader('ETag', answer.etag);
  res.setHeader('Vary', 'Accept-Encoding, Cookie');
  for (const [name, value] of answer.headers) res.setHeader(name, value);
  if (matches(req.headers['if-none-match'], answer.etag)) {
    res.removeHeader('content-type');
    res.removeHeader(POLICY);
    res.writeHead(304).end();
    return;
  }
  if (answer.policy.length > 1) res.setHeader(POLICY, answer.policy.join(nonce));
  const compressed = acceptsGzip(req.headers['accept-encoding']);
  if (compressed) res.setHeader('Content-Encoding', 'gzip');
  const body = compressed ? answer.gzip().fill(nonce) : filled(answer, nonce);
  res.setHeader('Content-Length', body.length);
  res.writeHead(200).end(req.method === 'HEAD' ? undefined : body);
}

function filled({ page, nonceAt }: CachedAnswer, nonce: string): Buffer {
  if (nonceAt.length === 0) return page;
  const copy = Buffer.from(page);
  for (const at of nonceAt) copy.write(nonce, at, 'latin1');
  return copy;
}

function placesOf(page: Buffer, nonce: string): number[] {
  const places: number[] = [];
  for (let at = page.indexOf(nonce); at !== -1; at = page.indexOf(nonce, at + nonce.length)) places.push(at);
  return places;
}

function partsBetween(page: Buffer, gaps: readonly number[], gapBytes: number): Buffer[] {
  const ends = [...gaps, page.length];
  return ends.map((end, index) => page.subarray(index === 0 ? 0 : (ends[index - 1] ?? 0) + gapBytes, end));
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
