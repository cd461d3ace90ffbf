import { paths } from '~/paths';
import { newListingForm, termsForm, type Cast } from './cast';
import { aboutOffer, nobody, type Body, type FormRows, type Post } from './post';
import { ownerOnly, signedIn } from './roles';

/** A button on the seller's page of a listing. */
function button(intent: string, listing: (cast: Cast) => string, more: (cast: Cast) => Body = () => ({})): Post {
  return {
    what: intent,
    at: (cast) => paths.sellListing(listing(cast)),
    body: (cast) => ({ intent, ...more(cast) }),
    gets: ownerOnly('seller', 'done'),
  };
}

/** Forms of sellers: their listings, and offers on them. */
export const sellerForms: FormRows = {
  'routes/sell.offers/route': [
    aboutOffer(paths.sellOffers(), 'accept', (cast) => cast.own.offers.toAccept.id, ownerOnly('seller', 'done')),
    aboutOffer(paths.sellOffers(), 'decline', (cast) => cast.own.offers.toDecline.id, ownerOnly('seller', 'done')),
    aboutOffer(paths.sellOffers(), 'accept', (cast) => cast.two.offers.toAccept.id, nobody),
    aboutOffer(paths.sellOffers(), 'decline', (cast) => cast.two.offers.toDecline.id, nobody),
  ],
  'routes/sell.listings.new/route': [
    {
      what: 'preview',
      at: () => paths.sellNew(),
      body: (cast) => ({ intent: 'preview', ...termsForm(cast.market) }),
      gets: signedIn('done'),
      keeps: true,
    },
    { what: 'submit', at: () => paths.sellNew(), body: (cast) => newListingForm(cast.market), gets: signedIn('done') },
  ],
  'routes/sell.listings.$listingId/route': [
    button(
      'price',
      (cast) => cast.lots.active.id,
      () => ({ discount: '55' }),
    ),
    button('pause', (cast) => cast.lots.toPause.id),
    button('resume', (cast) => cast.lots.paused.id),
    button('withdraw', (cast) => cast.lots.toWithdraw.id),
    button(
      'raise',
      (cast) => cast.lots.toRaise.id,
      () => ({ raiseTo: '420.00', ownsCredit: 'on' }),
    ),
    button('take_back_raise', (cast) => cast.lots.raisedToTakeBack.id),
    button(
      'answer',
      (cast) => cast.lots.asked.id,
      () => ({ answer: 'From our own invoice.' }),
    ),
    button(
      'resubmit',
      (cast) => cast.lots.rejected.id,
      (cast) => termsForm(cast.market),
    ),
    button(
      'token',
      (cast) => cast.lots.withNewToken.id,
      (cast) => ({ token: cast.market.replicate.control.issueToken('new-token').token }),
    ),
    button('probe', (cast) => cast.lots.doubted.id),
    { ...button('withdraw', (cast) => cast.lotTwo.id), what: 'withdraw another seller’s', gets: nobody },
    {
      ...button(
        'price',
        (cast) => cast.lotTwo.id,
        () => ({ discount: '69' }),
      ),
      what: 'price another seller’s',
      gets: nobody,
    },
    {
      ...button(
        'raise',
        (cast) => cast.lotTwo.id,
        () => ({ raiseTo: '420.00', ownsCredit: 'on' }),
      ),
      what: 'raise another seller’s',
      gets: nobody,
    },
    { ...button('pause', (cast) => cast.suspended.listing.id), what: 'pause a suspended seller’s', gets: nobody },
  ],
};
