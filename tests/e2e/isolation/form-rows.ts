import { randomUUID } from 'node:crypto';
import { promoteAdmin, requestReset, signUp } from '~/modules/accounts/index.server';
import { firstRules } from '~/modules/policy/policy-rules';
import { paths } from '~/paths';
import { aPerson } from '~tests/factories/market';
import { tokenMailedTo } from '~tests/factories/users';
import { newListingForm, termsForm, type Cast } from './cast';
import { adminsOnly, everyone, ownerOnly, signedIn, type Answers, type Role } from './roles';

type Body = Record<string, string>;

/** One form of a route: where it posts, what a person would post, and what each role gets. */
export interface Post {
  what: string;
  at(cast: Cast): string;
  body(cast: Cast, role: Role): Body | Promise<Body>;
  gets: Answers;
  /** It does its work without a row in the database. */
  keeps?: true;
}

const nobody = ownerOnly(null, 'done');
const visitor = (cast: Cast) => cast.market.services.ctxFor({ kind: 'visitor' });
const noClient = { ip: null, browser: null };

let count = 0;
const newAddress = () => `matrix${(count += 1)}-${process.pid}@example.com`;

/** Each role's own address; a visitor knows somebody else's. */
function addressOf(cast: Cast, role: Role): string {
  return role === 'anonymous' ? cast.buyerTwo.email : cast.people[role].email;
}

async function aVerifyToken(cast: Cast): Promise<string> {
  const email = newAddress();
  await signUp(visitor(cast), { name: 'New', email, password: 'long enough now' }, noClient);
  return tokenMailedTo(visitor(cast), email);
}

async function aResetToken(cast: Cast): Promise<string> {
  const { email } = await aPerson(cast.market);
  await requestReset(visitor(cast), { email }, noClient);
  return tokenMailedTo(visitor(cast), email);
}

async function anInvitation(cast: Cast): Promise<string> {
  const email = newAddress();
  await promoteAdmin(cast.market.system(), { email });
  return tokenMailedTo(visitor(cast), email);
}

const buying = (): Body => ({ intent: 'buy', amount: '20', shownDiscountBps: '5000', formToken: randomUUID() });
const offering = (): Body => ({ intent: 'offer', offerAmount: '50', offerDiscount: '60', offerHours: '24' });

/** A button of the seller's page, on the seller's listing. */
function button(intent: string, listing: (cast: Cast) => string, more: (cast: Cast) => Body = () => ({})): Post {
  return {
    what: intent,
    at: (cast) => paths.sellListing(listing(cast)),
    body: (cast) => ({ intent, ...more(cast) }),
    gets: ownerOnly('seller', 'done'),
  };
}

/** A button of the admin's page. */
function decision(intent: string, listing: (cast: Cast) => string, more: Body = {}): Post {
  return { what: intent, at: (cast) => paths.admin.listing(listing(cast)), body: () => ({ intent, ...more }), gets: adminsOnly('done') };
}

/** A form of the wallet about one key of the buyer. */
function aboutKey(intent: string, key: (cast: Cast) => string, gets = ownerOnly('buyer', 'done')): Post {
  return { what: intent, at: () => paths.wallet(), body: (cast) => ({ intent, keyId: key(cast), name: 'renamed', cap: '' }), gets };
}

function aboutOffer(at: string, intent: string, offer: (cast: Cast) => string, gets: Answers): Post {
  return { what: intent, at: () => at, body: (cast) => ({ intent, offerId: offer(cast) }), gets };
}

function aboutCheckout(intent: string, checkout: (cast: Cast) => string, gets: Answers): Post {
  return { what: intent, at: (cast) => paths.checkout(checkout(cast)), body: () => ({ intent }), gets };
}

function aboutPerson(intent: string, person: (cast: Cast) => string): Post {
  return {
    what: intent,
    at: (cast) => paths.admin.user(person(cast)),
    body: () => ({ intent, reason: 'A test.' }),
    gets: adminsOnly('done'),
  };
}

/** Every form by its route's id. `null`: the page has none, so a POST is 405. Each route of the manifest stands here. */
export const formRows: Record<string, Post[] | null> = {
  'routes/home/route': null,
  'routes/how-it-works/route': null,
  'routes/docs.gateway/route': null,
  'routes/terms/route': null,
  'routes/privacy/route': null,
  'routes/dev.mail/route': null,
  'routes/dev.components/route': null,
  'routes/listings/route': null,
  'routes/transactions/route': null,
  'routes/sell/route': null,
  'routes/admin/route': null,
  'routes/admin.ledger/route': null,
  'routes/admin.jobs/route': null,
  'routes/admin.audit/route': null,
  'routes/not-found/route': [{ what: 'anything', at: () => '/no/such/page', body: () => ({ a: '1' }), gets: everyone('absent') }],

  'routes/signin/route': [
    {
      what: 'sign in',
      at: () => paths.signIn(),
      body: (cast, role) => ({ email: addressOf(cast, role), password: `password of ${addressOf(cast, role)}` }),
      gets: { ...everyone('done'), suspended: 403 },
    },
  ],
  'routes/signup/route': [
    {
      what: 'create account',
      at: () => paths.signUp(),
      body: () => ({ name: 'New', email: newAddress(), password: 'long enough now' }),
      gets: everyone('done'),
    },
  ],
  'routes/signout/route': [
    // Whoever is nobody has nothing to end; a suspended person's session goes, as anybody's would.
    { what: 'sign out', at: () => paths.signOut(), body: () => ({}), gets: { ...everyone('done'), anonymous: '/' } },
  ],
  'routes/verify/route': [
    { what: 'a link', at: () => paths.verify(), body: async (cast) => ({ token: await aVerifyToken(cast) }), gets: everyone('done') },
    {
      what: 'an invitation',
      at: () => paths.verify({ invitation: 1 }),
      body: async (cast) => ({ token: await anInvitation(cast), name: 'Ops', password: 'long enough now' }),
      gets: everyone('done'),
    },
    { what: 'a link that is none', at: () => paths.verify(), body: () => ({ token: 'a'.repeat(43) }), gets: everyone(410) },
  ],
  'routes/reset/route': [
    {
      what: 'ask for a link',
      at: () => paths.reset(),
      body: async (cast) => ({ email: (await aPerson(cast.market)).email }),
      gets: everyone('done'),
    },
    {
      what: 'a link',
      at: () => paths.reset({ token: 1 }),
      body: async (cast) => ({ token: await aResetToken(cast), password: 'another long one' }),
      gets: everyone('done'),
    },
  ],
  'routes/theme/route': [
    { what: 'dark', at: () => paths.theme(), body: () => ({ theme: 'dark', returnTo: '/' }), gets: everyone('done'), keeps: true },
  ],
  'routes/settings/route': [
    {
      what: 'names',
      at: () => paths.settings(),
      body: (_cast, role) => ({ name: `${role} renamed`, publicName: `${role} renamed` }),
      gets: signedIn('done'),
    },
    { what: 'end all sessions', at: () => paths.settings({ end: 1 }), body: () => ({}), gets: signedIn('done') },
  ],

  'routes/listings.$listingId/route': [
    {
      what: 'buy',
      at: (cast) => paths.listing(cast.lots.active.id),
      body: buying,
      // Nobody buys from the own account.
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
    {
      what: 'withdraw an offer',
      at: (cast) => paths.listing(cast.own.offers.toTakeBack.listingId),
      body: (cast) => ({ intent: 'withdraw_offer', offerId: cast.own.offers.toTakeBack.id }),
      gets: ownerOnly('buyer', 'done'),
    },
    {
      what: 'withdraw another buyer’s offer',
      at: (cast) => paths.listing(cast.two.offers.toTakeBack.listingId),
      body: (cast) => ({ intent: 'withdraw_offer', offerId: cast.two.offers.toTakeBack.id }),
      gets: nobody,
    },
  ],
  'routes/offers/route': [
    aboutOffer(paths.offers(), 'withdraw', (cast) => cast.own.offers.toWithdraw.id, ownerOnly('buyer', 'done')),
    aboutOffer(paths.offers(), 'withdraw', (cast) => cast.two.offers.toWithdraw.id, nobody),
  ],
  'routes/sell.offers/route': [
    aboutOffer(paths.sellOffers(), 'accept', (cast) => cast.own.offers.toAccept.id, ownerOnly('seller', 'done')),
    aboutOffer(paths.sellOffers(), 'decline', (cast) => cast.own.offers.toDecline.id, ownerOnly('seller', 'done')),
    aboutOffer(paths.sellOffers(), 'accept', (cast) => cast.two.offers.toAccept.id, nobody),
    aboutOffer(paths.sellOffers(), 'decline', (cast) => cast.two.offers.toDecline.id, nobody),
  ],
  'routes/checkout.$checkoutId/route': [
    // The page at Stripe is open already: pressing `pay` leads there again.
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
      what: 'take another buyer’s refund',
      at: (cast) => paths.transaction(cast.two.refundable.transactionId),
      body: () => ({ intent: 'refund' }),
      gets: nobody,
    },
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
    { ...button('pause', (cast) => cast.suspended.listing.id), what: 'pause a suspended seller’s', gets: nobody },
  ],

  'routes/admin.policy/route': [
    {
      what: 'publish',
      at: () => paths.admin.policy(),
      body: () => ({
        basedOn: '1',
        note: 'A test.',
        ...Object.fromEntries(Object.entries(firstRules).map(([name, value]) => [name, String(value)])),
      }),
      gets: adminsOnly('done'),
    },
  ],
  'routes/admin.users.$userId/route': [
    aboutPerson('suspend', (cast) => cast.toSuspend.id),
    aboutPerson('reinstate', (cast) => cast.toReinstate.id),
    // Another admin has to decide on an admin's own account.
    { ...aboutPerson('suspend', (cast) => cast.people.admin.id), what: 'suspend oneself', gets: adminsOnly(422) },
    { ...aboutPerson('reinstate', (cast) => cast.people.other.id), what: 'reinstate who is not suspended', gets: adminsOnly(409) },
  ],
  'routes/admin.listings.$listingId/route': [
    decision('approve', (cast) => cast.lots.toApprove.id),
    decision('ask', (cast) => cast.lots.toAsk.id, { note: 'Where is it from?' }),
    decision('reject', (cast) => cast.lots.toReject.id, { reasonCode: 'other', note: 'Not like this.' }),
    decision('suspend', (cast) => cast.lots.toSuspend.id, { note: 'Held for a look.' }),
    decision('reinstate', (cast) => cast.lots.suspended.id),
    // No admin decides on an own listing.
    { ...decision('approve', (cast) => cast.adminsLot.id), what: 'approve an own listing', gets: adminsOnly(403) },
  ],
};
