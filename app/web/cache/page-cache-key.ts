import { paths } from '~/paths';
import { listingFilterNames } from '~/queries/market/listing-filters';

/** Parameters that each page reads, in the order of its key. What a page does not read is left out, so that nobody fills the cache with it. */
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
/** By which our pages tell one visitor from another. Cookies of others change nothing that we send. */
const ownCookie = /(?:^|[;\s])(?:__Host-)?(?:sign_in|theme|browser)=/;
const MAX_URL = 1_000;

/**
 * Under which name a request's page is kept: its path and the parameters that it reads, in one order, the first of each. Null where the
 * answer may depend on who asks, changes something, or is no public page.
 */
export function pageCacheKey({ method, url, cookie }: { method: string; url: string; cookie: string | undefined }): string | null {
  if ((method !== 'GET' && method !== 'HEAD') || url.length > MAX_URL) return null;
  if (cookie !== undefined && ownCookie.test(cookie)) return null;
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const names = read.get(path) ?? (lot.test(path) ? lotReads : guide.test(path) ? guideReads : null);
  if (names === null || mark === -1) return names && path;
  const given = new URLSearchParams(url.slice(mark + 1));
  // The filter form's empty fields are a redirect to the address without them.
  if (path === paths.listings() && names.some((name) => given.get(name) === '')) return null;
  const kept = names.flatMap((name): [string, string][] => (given.get(name) ? [[name, given.get(name) ?? '']] : []));
  return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept).toString()}`;
}
