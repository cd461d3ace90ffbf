import { paths } from '~/paths';
import { listingFilterNames } from '~/queries/market/listing-filters';

/** Parameters that each page reads, in the order of its cache key. Others are dropped, so that they cannot fill the cache. */
const read = new Map<string, readonly string[]>([
  [paths.home(), []],
  [paths.howItWorks(), []],
  [paths.sell(), []],
  [paths.gatewayDocs(), []],
  [paths.guides(), []],
  [paths.terms(), []],
  [paths.privacy(), []],
  [paths.listings(), listingFilterNames],
  [paths.api.listings(), listingFilterNames],
]);
const lot = /^\/listings\/lst_[0-9a-f]{32}$/;
const lotReads = ['amount'];
const guide = /^\/guides\/[a-z0-9-]{1,80}$/;
/** The fields of the calculators. */
const guideReads = ['count', 'credit', 'discount'];
/** Our own cookies, which make a response personal. Foreign cookies change nothing. */
const ownCookie = /(?:^|[;\s])(?:__Host-)?(?:sign_in|theme|browser)=/;
const MAX_URL = 1_000;

/**
 * The cache key of a request: its path and the parameters that the page reads, in a fixed order. Null if the response may be personal,
 * the request may change something, or the page is not public.
 */
export function pageCacheKey({ method, url, cookie }: { method: string; url: string; cookie: string | undefined }): string | null {
  if ((method !== 'GET' && method !== 'HEAD') || url.length > MAX_URL) return null;
  if (cookie !== undefined && ownCookie.test(cookie)) return null;
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const names = read.get(path) ?? (lot.test(path) ? lotReads : guide.test(path) ? guideReads : null);
  if (names === null || mark === -1) return names && path;
  const given = new URLSearchParams(url.slice(mark + 1));
  // A form with empty fields redirects to the address without them.
  if (path === paths.listings() && names.some((name) => given.get(name) === '')) return null;
  const kept = names.flatMap((name): [string, string][] => (given.get(name) ? [[name, given.get(name) ?? '']] : []));
  return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept).toString()}`;
}
