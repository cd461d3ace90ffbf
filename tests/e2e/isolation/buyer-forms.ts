import { randomUUID } from 'node:crypto';
import { paths } from '~/paths';
import type { Cast } from './cast';
import { aboutOffer, nobody, type Body, type FormRows, type Post } from './post';
import { ownerOnly, signedIn, type Answers } from './roles';

const buying = (): Body => ({ intent: 'buy', amount: '20', shownDiscountBps: '5000', useNow: 'on', formToken: randomUUID() });
const offering = (): Body => ({ intent: 'offer', offerAmount: '50', offerDiscount: '60', offerHours: '24' });

/** A form of the wallet for one of the buyer's keys. */
function aboutKey(intent: string, key: (cast: Cast) => string, gets = ownerOnly('buyer', 'done')): Post {
  return { what: intent, at: () => paths.wallet(), body: (cast) => ({ intent, keyId: key(cast), name: 'renamed', cap: '' }), gets };
}

function aboutCheckout(intent: string, checkout: (cast: Cast) => string, gets: Answers): Post {
  return { what: intent, at: (cast) => paths.checkout(checkout(cast)), body: () => ({ intent }), gets };
}

/** Forms of buyers: offers, payment, keys, refunds. */
export const buyerForms: FormRows = {
  'routes/listings.$listingId/route': [
    {
      what: 'buy',
      at: (cast) => paths.listing(cast.lots.active.id),
      body: buying,
      // Nobody buys from their own account.
      gets: { ...signedIn('done'), seller: 422 },
    },
    { what: 'buy what is not on the market', at: (cast) => paths.listing(cast.lots.toApprove.id), body: buying, gets: nobody },
    {
      what: 'buy what is suspended',
      at: (cast) => paths.listing(cast.lots.suspended.id),
      body: buying,
      gets: { ...signedIn(409), seller: 422 },
    },
    { what: 'offer', at: (cast) => paths.listing(cast.lots.active.id), body: offering, gets: { ...signedIn('done'), seller: 422 } },
  ],
  'routes/offers/route': [
    aboutOffer(paths.offers(), 'withdraw', (cast) => cast.own.offers.toWithdraw.id, ownerOnly('buyer', 'done')),
    aboutOffer(paths.offers(), 'withdraw', (cast) => cast.two.offers.toWithdraw.id, nobody),
  ],
  'routes/checkout.$checkoutId/route': [
    // The Stripe page is already open: pressing `pay` leads there again.
    { ...aboutCheckout('pay', (cast) => cast.own.toPay.checkoutId, ownerOnly('buyer', 'done')), keeps: true },
    aboutCheckout('cancel', (cast) => cast.own.toCancel.checkoutId, ownerOnly('buyer', 'done')),
    aboutCheckout('pay', (cast) => cast.two.toPay.checkoutId, nobody),
    aboutCheckout('cancel', (cast) => cast.two.toCancel.checkoutId, nobody),
  ],
  'routes/checkout.$checkoutId.complete/route': [
    {
      what: 'another key',
      at: (cast) => paths.checkoutComplete(cast.own.bought.checkoutId),
      body: () => ({ intent: 'another' }),
      gets: ownerOnly('buyer', 'done'),
    },
    {
      what: 'saved',
      at: (cast) => paths.checkoutComplete(cast.own.bought.checkoutId),
      body: (cast) => ({ intent: 'saved', keyId: cast.own.key.id }),
      gets: ownerOnly('buyer', 'done'),
    },
    {
      what: 'saved, with another buyer’s key',
      at: (cast) => paths.checkoutComplete(cast.own.bought.checkoutId),
      body: (cast) => ({ intent: 'saved', keyId: cast.two.key.id }),
      gets: nobody,
    },
    {
      what: 'another key, on another buyer’s checkout',
      at: (cast) => paths.checkoutComplete(cast.two.bought.checkoutId),
      body: () => ({ intent: 'another' }),
      gets: nobody,
    },
  ],
  'routes/wallet/route': [
    { what: 'create', at: () => paths.wallet(), body: () => ({ intent: 'create', name: 'new', cap: '5.00' }), gets: signedIn('done') },
    aboutKey('edit', (cast) => cast.own.keys.toEdit.id),
    aboutKey('saved', (cast) => cast.own.keys.toSave.id),
    aboutKey('revoke', (cast) => cast.own.keys.toRevoke.id),
    aboutKey('edit', (cast) => cast.two.keys.toEdit.id, nobody),
    aboutKey('saved', (cast) => cast.two.keys.toSave.id, nobody),
    aboutKey('revoke', (cast) => cast.two.keys.toRevoke.id, nobody),
  ],
  'routes/transactions.$transactionId/route': [
    {
      what: 'take the refund',
      at: (cast) => paths.transaction(cast.own.refundable.transactionId),
      body: () => ({ intent: 'refund' }),
      gets: ownerOnly('buyer', 'done'),
    },
    {
      what: 'take the refund of what is not paused',
      at: (cast) => paths.transaction(cast.own.bought.transactionId),
      body: () => ({ intent: 'refund' }),
      gets: ownerOnly('buyer', 409),
    },
    {
      what: 'withdraw from the contract',
      at: (cast) => paths.transaction(cast.own.withdrawable.transactionId),
      body: () => ({ intent: 'withdraw' }),
      gets: ownerOnly('buyer', 'done'),
    },
    {
      what: 'withdraw from another buyer’s contract',
      at: (cast) => paths.transaction(cast.two.withdrawable.transactionId),
      body: () => ({ intent: 'withdraw' }),
      gets: nobody,
    },
    {
      what: 'take another buyer’s refund',
      at: (cast) => paths.transaction(cast.two.refundable.transactionId),
      body: () => ({ intent: 'refund' }),
      gets: nobody,
    },
  ],
};
