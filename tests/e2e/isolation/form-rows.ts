import { accountForms } from './account-forms';
import { adminForms } from './admin-forms';
import { buyerForms } from './buyer-forms';
import type { FormRows } from './post';
import { everyone } from './roles';
import { sellerForms } from './seller-forms';

/** Every form by its route id. `null`: the page has no form, so a POST is 405. Every route is here or in one of the four files. */
export const formRows: FormRows = {
  'routes/home/route': null,
  'routes/how-it-works/route': null,
  'routes/docs.gateway/route': null,
  'routes/docs.gateway-markdown/route': null,
  'routes/robots/route': null,
  'routes/llms/route': null,
  'routes/sitemap/route': null,
  'routes/sitemap.part/route': null,
  'routes/pictures.market/route': null,
  'routes/pictures.guide/route': null,
  'routes/pictures.lot/route': null,
  'routes/guides/route': null,
  'routes/guides.rss/route': null,
  'routes/guides.$slug/route': null,
  'routes/guides.$slug.md/route': null,
  'routes/guides.files.$name/route': null,
  'routes/terms/route': null,
  'routes/privacy/route': null,
  'routes/dev.mail/route': null,
  'routes/dev.components/route': null,
  'routes/listings/route': null,
  'routes/transactions/route': null,
  'routes/wallet.runs.csv/route': null,
  'routes/sell/route': null,
  'routes/admin/route': null,
  'routes/admin.search/route': null,
  'routes/admin.transactions.$transactionId/route': null,
  'routes/admin.ledger/route': null,
  'routes/admin.exposures/route': null,
  'routes/admin.jobs/route': null,
  'routes/admin.audit/route': null,
  'routes/admin.audit.csv/route': null,
  'routes/not-found/route': [{ what: 'anything', at: () => '/no/such/page', body: () => ({ a: '1' }), gets: everyone('absent') }],
  ...accountForms,
  ...buyerForms,
  ...sellerForms,
  ...adminForms,
};
