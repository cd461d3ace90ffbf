/** Every URL of the application. No other file writes one as a string. */
type Query = Record<string, string | number | undefined>;

function withQuery(path: string, query?: Query): string {
  if (query === undefined) return path;
  const params = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, String(value)]])),
  );
  return params.size === 0 ? path : `${path}?${params.toString()}`;
}

export const paths = {
  home: () => '/',
  listings: (query?: Query) => withQuery('/listings', query),
  listing: (id: string, query?: Query) => withQuery(`/listings/${id}`, query),
  howItWorks: () => '/how-it-works',
  gatewayDocs: () => '/docs/gateway',
  gatewayDocsMarkdown: () => '/docs/gateway.md',
  guides: () => '/guides',
  guide: (slug: string, query?: Query) => withQuery(`/guides/${slug}`, query),
  guideMarkdown: (slug: string) => `/guides/${slug}.md`,
  guidesFeed: () => '/guides/rss.xml',
  guideFile: (name: string) => `/guides/files/${name}`,
  sitemap: () => '/sitemap.xml',
  /** `pages`, or the first lot of a part. */
  sitemapPart: (part: string) => `/sitemap/${part}.xml`,
  pictureOfMarket: () => '/pictures/market.png',
  pictureOfGuide: (slug: string) => `/pictures/guides/${slug}.png`,
  pictureOfLot: (id: string) => `/pictures/lots/${id}.png`,
  robots: () => '/robots.txt',
  llms: () => '/llms.txt',
  terms: () => '/terms',
  privacy: () => '/privacy',
  signIn: (query?: Query) => withQuery('/signin', query),
  signUp: (query?: Query) => withQuery('/signup', query),
  signOut: () => '/signout',
  verify: (query?: Query) => withQuery('/verify', query),
  /** A page of ours, with the message that the address is verified. */
  verified: (path: string) => `${path}${path.includes('?') ? '&' : '?'}verified=1`,
  reset: (query?: Query) => withQuery('/reset', query),
  theme: () => '/theme',
  settings: (query?: Query) => withQuery('/settings', query),
  checkout: (id: string, query?: Query) => withQuery(`/checkout/${id}`, query),
  checkoutComplete: (id: string, query?: Query) => withQuery(`/checkout/${id}/complete`, query),
  wallet: (query?: Query) => withQuery('/wallet', query),
  walletRunsCsv: (query?: Query) => withQuery('/wallet/runs.csv', query),
  transactions: (query?: Query) => withQuery('/transactions', query),
  transaction: (id: string, query?: Query) => withQuery(`/transactions/${id}`, query),
  offers: (query?: Query) => withQuery('/offers', query),
  sell: (query?: Query) => withQuery('/sell', query),
  sellNew: () => '/sell/listings/new',
  sellListing: (id: string, query?: Query) => withQuery(`/sell/listings/${id}`, query),
  sellOffers: (query?: Query) => withQuery('/sell/offers', query),
  admin: {
    queue: (query?: Query) => withQuery('/admin', query),
    listing: (id: string, query?: Query) => withQuery(`/admin/listings/${id}`, query),
    user: (id: string, query?: Query) => withQuery(`/admin/users/${id}`, query),
    transaction: (id: string) => `/admin/transactions/${id}`,
    search: (query?: Query) => withQuery('/admin/search', query),
    policy: (query?: Query) => withQuery('/admin/policy', query),
    audit: (query?: Query) => withQuery('/admin/audit', query),
    auditCsv: (query?: Query) => withQuery('/admin/audit.csv', query),
    jobs: (query?: Query) => withQuery('/admin/jobs', query),
    ledger: () => '/admin/ledger',
    exposures: (query?: Query) => withQuery('/admin/exposures', query),
  },
  devComponents: () => '/dev/components',
  devMail: (query?: Query) => withQuery('/dev/mail', query),
  devMailOne: (id: string) => `/dev/mail/${id}`,
  devMailHtml: (id: string) => `/dev/mail/${id}/html`,
  gatewayBase: () => '/gateway/replicate/v1',
  gatewayHook: (runId: string, mac: string) => `/gateway/hooks/${runId}/${mac}`,
  gatewayFile: (mac: string, path: string) => `/gateway/files/${mac}${path}`,
  api: { listings: (query?: Query) => withQuery('/api/v1/listings', query) },
  webhooks: { stripe: () => '/webhooks/stripe' },
} as const;
