/** The route pattern of a request: "/listings/:listingId". Never the path, which clients may invent. */
export type PatternFinder = (url: string) => string;

const MACHINE = [
  '/healthz',
  '/readyz',
  '/gateway/replicate/v1/predictions',
  '/gateway/replicate/v1/predictions/:id',
  '/gateway/replicate/v1/predictions/:id/cancel',
  '/gateway/replicate/v1/models/:owner/:name/predictions',
  '/gateway/replicate/v1/models/:owner/:name',
  '/gateway/replicate/v1/models/:owner/:name/versions',
  '/gateway/replicate/v1/models/:owner/:name/versions/:version',
  '/gateway/replicate/v1/account',
  '/gateway/hooks/:run/:mac',
  '/gateway/files/:mac/*',
  '/gateway/*',
  '/webhooks/stripe',
  '/api/v1/listings',
  '/dev/mail/:id/html',
  '/assets/*',
  '/__manifest',
];

/** All else: files of public/ and unknown paths. */
const OTHER = '(other)';

/**
 * Finds the pattern of a URL among machine routes and pages. A page's data (`/listings.data`) counts as its page. The number of results
 * is bounded by the number of routes.
 */
export function createPatternFinder(pages: string[]): PatternFinder {
  const patterns = [...new Set([...MACHINE, ...pages.flatMap(withoutOptional)])].filter((pattern) => pattern !== '/*');
  const fixed = new Set(patterns.filter((pattern) => !/[:*]/.test(pattern)));
  // `/guides/:slug.md` is more exact than `/guides/:slug`, so it is tried first.
  const open = patterns
    .filter((pattern) => !fixed.has(pattern))
    .sort((a, b) => Number(hasEnding(b)) - Number(hasEnding(a)))
    .map((pattern) => ({ pattern, test: toRegExp(pattern) }));
  return (url) => {
    const path = pagePath(url);
    if (fixed.has(path)) return path;
    return open.find(({ test }) => test.test(path))?.pattern ?? OTHER;
  };
}

/** The URL patterns in Remix's manifest of routes, each with those above it. */
export function pagePatterns(routes: Record<string, { path?: string; parentId?: string } | undefined>): string[] {
  const full = (id: string | undefined): string => {
    const route = id === undefined ? undefined : routes[id];
    return route ? [full(route.parentId), route.path].filter(Boolean).join('/') : '';
  };
  return Object.keys(routes).map((id) => `/${full(id)}`);
}

function withoutOptional(pattern: string): string[] {
  return /\?$/.test(pattern) ? [pattern.replace(/\/[^/]+\?$/, '') || '/', pattern.slice(0, -1)] : [pattern];
}

function pagePath(url: string): string {
  const path = url.replace(/[?#].*$/s, '').replace(/(.)\/+$/, '$1');
  return path === '/_root.data' ? '/' : path.replace(/(.)\.data$/, '$1');
}

/** A parameter with a fixed ending, such as `:slug.md`. */
const hasEnding = (pattern: string) => /:\w+\./.test(pattern);

function toRegExp(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => (part === '*' ? '.*' : part.replace(/[.]/g, '\\.').replace(/^:\w+/, '[^/]+')));
  return new RegExp(`^${parts.join('/')}$`);
}
