export {
  acceptOffer,
  declineOffer,
  expireOffers,
  findAcceptableOffer,
  markOfferLapsed,
  markOfferPurchased,
  withdrawOffer,
} from './decide-offer.server';
export { makeOffer, MakeOfferInput, type OfferedLot } from './make-offer.server';
