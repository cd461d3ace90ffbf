import { paths } from '~/paths';
import type { Cast } from './cast';
import { adminsOnly, everyone, ownerOnly, signedIn, type Answers } from './roles';

/** One URL of a route, its owner, and the expected answer for each role. */
export interface Look {
  what: string;
  at(cast: Cast): string;
  gets: Answers;
}

const open = (path: string): Look[] => [{ what: 'it', at: () => path, gets: everyone('page') }];
const forPeople = (path: string): Look[] => [{ what: 'the own one', at: () => path, gets: signedIn('page') }];
const forAdmins = (path: string): Look[] => [{ what: 'it', at: () => path, gets: adminsOnly('page') }];
const away = (path: string): Look[] => [{ what: 'it', at: () => path, gets: everyone('/') }];
/** Well-formed ids that are in no table. */
const unknownId = (prefix: string) => `${prefix}_${'0190'.padEnd(32, 'a')}`;

const forVisitors: Answers = { ...everyone('/'), anonymous: 'page', suspended: 'page' };

/** Every page by its route id. A route missing here, or a line without a route, fails the test. */
export const pageRows: Record<string, Look[]> = {
  'routes/home/route': open(paths.home()),
  'routes/how-it-works/route': open(paths.howItWorks()),
  'routes/docs.gateway/route': open(paths.gatewayDocs()),
  'routes/docs.gateway-markdown/route': open(paths.gatewayDocsMarkdown()),
  'routes/robots/route': open(paths.robots()),
  'routes/llms/route': open(paths.llms()),
  'routes/sitemap/route': open(paths.sitemap()),
  'routes/sitemap.part/route': [
    ...open(paths.sitemapPart('pages')),
    { what: 'lots on sale', at: (cast) => paths.sitemapPart(cast.lots.active.id), gets: everyone('page') },
    { what: 'no part', at: () => paths.sitemapPart('other'), gets: everyone('absent') },
  ],
  'routes/pictures.market/route': open(paths.pictureOfMarket()),
  'routes/pictures.guide/route': [
    ...open(paths.pictureOfGuide('replicate-free-credits')),
    { what: 'no guide', at: () => paths.pictureOfGuide('no-such-guide'), gets: everyone('absent') },
  ],
  'routes/pictures.lot/route': [
    { what: 'a lot on sale', at: (cast) => paths.pictureOfLot(cast.lots.active.id), gets: everyone('page') },
    { what: 'a listing in review', at: (cast) => paths.pictureOfLot(cast.lots.toApprove.id), gets: everyone('absent') },
    { what: 'no lot', at: () => paths.pictureOfLot(unknownId('lst')), gets: everyone('absent') },
  ],
  'routes/guides/route': open(paths.guides()),
  'routes/guides.rss/route': open(paths.guidesFeed()),
  'routes/guides.$slug/route': [
    ...open(paths.guide('replicate-free-credits')),
    { what: 'no guide', at: () => paths.guide('no-such-guide'), gets: everyone('absent') },
  ],
  'routes/guides.$slug.md/route': [
    ...open(paths.guideMarkdown('replicate-free-credits')),
    { what: 'no guide', at: () => paths.guideMarkdown('no-such-guide'), gets: everyone('absent') },
  ],
  'routes/guides.files.$name/route': [
    ...open(paths.guideFile('n8n-run-a-model.json')),
    { what: 'no file', at: () => paths.guideFile('no-such-file.json'), gets: everyone('absent') },
  ],
  'routes/terms/route': open(paths.terms()),
  'routes/privacy/route': open(paths.privacy()),
  'routes/dev.mail/route': open(paths.devMail()),
  'routes/dev.components/route': open('/dev/components'),
  'routes/not-found/route': [{ what: 'no page', at: () => '/no/such/page', gets: everyone('absent') }],
  'routes/signout/route': away(paths.signOut()),
  'routes/theme/route': away(paths.theme()),
  'routes/verify/route': [
    { what: 'after a form', at: () => paths.verify({ sent: 'sign-up' }), gets: everyone('page') },
    { what: 'a link that is none', at: () => paths.verify({ token: 'a'.repeat(43) }), gets: everyone(410) },
  ],
  'routes/reset/route': [
    { what: 'the question', at: () => paths.reset(), gets: everyone('page') },
    { what: 'a link that is none', at: () => paths.reset({ token: 'a'.repeat(43) }), gets: everyone(410) },
  ],
  'routes/signin/route': [{ what: 'it', at: () => paths.signIn(), gets: forVisitors }],
  'routes/signup/route': [{ what: 'it', at: () => paths.signUp(), gets: forVisitors }],

  'routes/listings/route': open(paths.listings()),
  'routes/listings.$listingId/route': [
    { what: 'a lot on sale', at: (cast) => paths.listing(cast.lots.active.id), gets: everyone('page') },
    { what: 'a lot that is suspended', at: (cast) => paths.listing(cast.lots.suspended.id), gets: everyone('page') },
    { what: 'a lot of a suspended seller', at: (cast) => paths.listing(cast.suspended.listing.id), gets: everyone('page') },
    // A listing that was never approved is visible to its seller only, on the seller's page.
    { what: 'a listing in review', at: (cast) => paths.listing(cast.lots.toApprove.id), gets: everyone('absent') },
    { what: 'a rejected listing', at: (cast) => paths.listing(cast.lots.rejected.id), gets: everyone('absent') },
    { what: 'no lot', at: () => paths.listing(unknownId('lst')), gets: everyone('absent') },
  ],

  'routes/settings/route': forPeople(paths.settings()),
  'routes/offers/route': [
    ...forPeople(paths.offers()),
    { what: 'after an offer of another buyer', at: (cast) => paths.offers({ after: cast.two.offers.toAccept.id }), gets: signedIn('page') },
    {
      what: 'a withdrawal to confirm',
      at: (cast) => paths.offers({ ask: 'withdraw', offer: cast.own.offers.toWithdraw.id }),
      gets: ownerOnly('buyer', 'page'),
    },
  ],
  'routes/wallet/route': [
    ...forPeople(paths.wallet()),
    { what: 'editing a key', at: (cast) => paths.wallet({ edit: cast.own.key.id }), gets: ownerOnly('buyer', 'page') },
    { what: 'revoking a key', at: (cast) => paths.wallet({ revoke: cast.own.key.id }), gets: ownerOnly('buyer', 'page') },
    { what: 'a key of another buyer', at: (cast) => paths.wallet({ edit: cast.two.key.id }), gets: ownerOnly(null, 'page') },
  ],
  'routes/wallet.runs.csv/route': [
    ...forPeople(paths.walletRunsCsv()),
    { what: 'of a key of another buyer', at: (cast) => paths.walletRunsCsv({ key: cast.two.key.id }), gets: signedIn('page') },
  ],
  'routes/transactions/route': [
    ...forPeople(paths.transactions()),
    {
      what: 'after a purchase of another buyer',
      at: (cast) => paths.transactions({ after: cast.two.bought.transactionId }),
      gets: signedIn('page'),
    },
  ],
  'routes/transactions.$transactionId/route': [
    { what: 'a purchase', at: (cast) => paths.transaction(cast.own.bought.transactionId), gets: ownerOnly('buyer', 'page') },
    { what: 'a paused purchase', at: (cast) => paths.transaction(cast.own.refundable.transactionId), gets: ownerOnly('buyer', 'page') },
    {
      what: 'a withdrawal to confirm',
      at: (cast) => paths.transaction(cast.own.bought.transactionId, { ask: 'withdraw' }),
      gets: ownerOnly('buyer', 'page'),
    },
    { what: 'another buyer’s', at: (cast) => paths.transaction(cast.two.bought.transactionId), gets: ownerOnly(null, 'page') },
    { what: 'a suspended buyer’s', at: (cast) => paths.transaction(cast.suspended.transactionId), gets: ownerOnly(null, 'page') },
    { what: 'no purchase', at: () => paths.transaction(unknownId('txn')), gets: ownerOnly(null, 'page') },
  ],
  'routes/checkout.$checkoutId/route': [
    { what: 'an open checkout', at: (cast) => paths.checkout(cast.own.toPay.checkoutId), gets: ownerOnly('buyer', 'page') },
    {
      what: 'a paid checkout',
      at: (cast) => paths.checkout(cast.own.bought.checkoutId),
      gets: ownerOnly('buyer', '/checkout/:id/complete'),
    },
    { what: 'another buyer’s', at: (cast) => paths.checkout(cast.two.toPay.checkoutId), gets: ownerOnly(null, 'page') },
    { what: 'a suspended buyer’s', at: (cast) => paths.checkout(cast.suspended.checkoutId), gets: ownerOnly(null, 'page') },
  ],
  'routes/checkout.$checkoutId.complete/route': [
    { what: 'the own one', at: (cast) => paths.checkoutComplete(cast.own.bought.checkoutId), gets: ownerOnly('buyer', 'page') },
    {
      what: 'the own one with another buyer’s key',
      at: (cast) => paths.checkoutComplete(cast.own.bought.checkoutId, { key: cast.two.key.id }),
      gets: ownerOnly(null, 'page'),
    },
    { what: 'another buyer’s', at: (cast) => paths.checkoutComplete(cast.two.bought.checkoutId), gets: ownerOnly(null, 'page') },
    { what: 'another buyer’s, unpaid', at: (cast) => paths.checkoutComplete(cast.two.toPay.checkoutId), gets: ownerOnly(null, 'page') },
  ],

  'routes/sell/route': open(paths.sell()),
  'routes/sell.offers/route': [
    ...forPeople(paths.sellOffers()),
    {
      what: 'after an offer to another seller',
      at: (cast) => paths.sellOffers({ after: cast.two.offers.toAccept.id }),
      gets: signedIn('page'),
    },
    {
      what: 'an acceptance to confirm',
      at: (cast) => paths.sellOffers({ ask: 'accept', offer: cast.own.offers.toAccept.id }),
      gets: ownerOnly('seller', 'page'),
    },
  ],
  'routes/sell.listings.new/route': forPeople(paths.sellNew()),
  'routes/sell.listings.$listingId/route': [
    { what: 'a lot on sale', at: (cast) => paths.sellListing(cast.lots.active.id), gets: ownerOnly('seller', 'page') },
    { what: 'a listing in review', at: (cast) => paths.sellListing(cast.lots.toApprove.id), gets: ownerOnly('seller', 'page') },
    { what: 'a question', at: (cast) => paths.sellListing(cast.lots.asked.id), gets: ownerOnly('seller', 'page') },
    {
      what: 'a withdrawal to confirm',
      at: (cast) => paths.sellListing(cast.lots.active.id, { ask: 'withdraw' }),
      gets: ownerOnly('seller', 'page'),
    },
    { what: 'another seller’s', at: (cast) => paths.sellListing(cast.lotTwo.id), gets: ownerOnly(null, 'page') },
    { what: 'a suspended seller’s', at: (cast) => paths.sellListing(cast.suspended.listing.id), gets: ownerOnly(null, 'page') },
  ],

  'routes/admin/route': forAdmins(paths.admin.queue()),
  'routes/admin.search/route': [
    ...forAdmins(paths.admin.search()),
    { what: 'a person', at: (cast) => paths.admin.search({ q: cast.people.buyer.email }), gets: adminsOnly('page') },
  ],
  'routes/admin.transactions.$transactionId/route': [
    { what: 'a purchase', at: (cast) => paths.admin.transaction(cast.own.bought.transactionId), gets: adminsOnly('page') },
    { what: 'no purchase', at: () => paths.admin.transaction(unknownId('txn')), gets: everyone('absent') },
  ],
  'routes/admin.ledger/route': forAdmins(paths.admin.ledger()),
  'routes/admin.exposures/route': forAdmins(paths.admin.exposures()),
  'routes/admin.jobs/route': forAdmins(paths.admin.jobs()),
  'routes/admin.policy/route': forAdmins(paths.admin.policy()),
  'routes/admin.audit/route': [
    ...forAdmins(paths.admin.audit()),
    { what: 'of one listing', at: (cast) => paths.admin.audit({ subject: cast.lots.active.id }), gets: adminsOnly('page') },
  ],
  'routes/admin.audit.csv/route': forAdmins(paths.admin.auditCsv()),
  'routes/admin.users.$userId/route': [
    { what: 'a person', at: (cast) => paths.admin.user(cast.people.other.id), gets: adminsOnly('page') },
    { what: 'a suspended person', at: (cast) => paths.admin.user(cast.suspended.person.id), gets: adminsOnly('page') },
    { what: 'a suspension to confirm', at: (cast) => paths.admin.user(cast.people.buyer.id, { ask: 'suspend' }), gets: adminsOnly('page') },
    { what: 'nobody', at: () => paths.admin.user(unknownId('usr')), gets: everyone('absent') },
  ],
  'routes/admin.listings.$listingId/route': [
    { what: 'a listing in review', at: (cast) => paths.admin.listing(cast.lotTwoInReview.id), gets: adminsOnly('page') },
    { what: 'an own listing', at: (cast) => paths.admin.listing(cast.adminsLot.id), gets: adminsOnly('page') },
    { what: 'no listing', at: () => paths.admin.listing(unknownId('lst')), gets: everyone('absent') },
  ],
};
