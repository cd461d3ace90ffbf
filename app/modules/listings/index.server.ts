export { answerReview, resubmitListing } from './answer-review.server';
export { changePrice } from './change-price.server';
export {
  doubtCredit,
  failListing,
  isCreditTrusted,
  isPastMending,
  liftPause,
  listingsPastMending,
  pauseForCheck,
  trustCredit,
} from './check-listing.server';
export { copySellerFacts } from './copy-seller-facts.server';
export { addBurned, lockSellersListings } from './count-burn.server';
export { createListing, refuseBrokenTerms, type SellerFacts } from './create-listing.server';
export { approveListing, askForMore, reinstateListing, rejectListing, suspendListing, takeBackQuestion } from './decide-listing.server';
export { findNamedLot, findSellerId, lockListing, type Listing } from './listing-store.server';
export { checkToken, forgetToken, openOwnToken, replaceToken, sealToken } from './listing-token.server';
export { marketChannel, tellMarketChanged } from './market-changes.server';
export { pauseListing, resumeListing, withdrawUnsold } from './pause-listing.server';
export { askForProbe, claimProbes, moveProbe, orderProbe, probesAmong, type Probe } from './probes.server';
export { approveRaise, askRaise, rejectRaise, takeBackRaise } from './raise-listing.server';
export { reserveQuantity, type ReservedQuantity } from './reserve-quantity.server';
export type { ReserveQuantity } from './reserve-statements';
export { endedListingsWithToken, expireListing, lapseListing, listingsToExpire, listingsToLapse } from './retire-listings.server';
export { confirmSale, giveBackReservations, liveReservations, returnSold, type SaleOutcome } from './settle-reservation.server';
