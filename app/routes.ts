import { route, type RouteConfig } from '@remix-run/route-config';

/** The table of pages, one line each: URL, then file. Addresses are built by paths.ts. Machine routes stand in web/machine-routes.ts. */
export default [
  route('listings', 'routes/listings/route.tsx'),
  route('listings/:listingId', 'routes/listings.$listingId/route.tsx'),
  route('offers', 'routes/offers/route.tsx'),
  route('sell/offers', 'routes/sell.offers/route.tsx'),
  route('sell', 'routes/sell/route.tsx'),
  route('sell/listings/new', 'routes/sell.listings.new/route.tsx'),
  route('sell/listings/:listingId', 'routes/sell.listings.$listingId/route.tsx'),
  route('admin', 'routes/admin/route.tsx'),
  route('admin/listings/:listingId', 'routes/admin.listings.$listingId/route.tsx'),
  route('checkout/:checkoutId', 'routes/checkout.$checkoutId/route.tsx'),
  route('checkout/:checkoutId/complete', 'routes/checkout.$checkoutId.complete/route.tsx'),
  route('transactions', 'routes/transactions/route.tsx'),
  route('transactions/:transactionId', 'routes/transactions.$transactionId/route.tsx'),
  route('*', 'routes/not-found/route.tsx'),
] satisfies RouteConfig;
