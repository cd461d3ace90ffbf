import { startSignIn } from '~/modules/accounts/index.server';
import { pauseListing, type Listing } from '~/modules/listings/index.server';
import { ensureAccessKey, mintAccessKey } from '~/modules/metering/index.server';
import { makeOffer } from '~/modules/offers/index.server';
import { addDays, toDateInput } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { forgetLimit } from '~/platform/rate-limit.server';
import { raiseFaceValue } from '~/workflows/listing/raise-face-value.server';
import { suspendPerson } from '~/workflows/people/suspend-person.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { aListing, anAdmin, aPerson, aSeller, aSubmittedListing, type Person } from '~tests/factories/market';
import { aCheckout, aPurchase } from '~tests/factories/transactions';
import type { TestMarket } from '~tests/setup/market';
import { roles, type Role } from './roles';

/** All people and objects that the matrix asks for. Objects that a form uses up exist once for each form. */
export type Cast = Awaited<ReturnType<typeof gather>>;

type Decision = Parameters<typeof decideListing>[2];

/** A market with two of each: one buyer's and seller's objects, and the same of another buyer and seller. */
export async function gather(market: TestMarket) {
  const [admin, buyer, other, buyerTwo, seller, sellerTwo] = await Promise.all([
    anAdmin(market),
    aPerson(market, 'Ines Buyer'),
    aPerson(market, 'Otto Other'),
    aPerson(market, 'Berta Buyertwo'),
    aSeller(market, 'Sela Seller'),
    aSeller(market, 'Sten Sellertwo'),
  ]);
  const lots = await makeLots(market, seller, admin);
  const lotTwo = (await aListing(market, { seller: sellerTwo, admin, onSale: 200 })).listing;
  const own = await makePurchases(market, buyer, seller, lots.active, await frozenLot(market, seller, admin));
  const two = await makePurchases(market, buyerTwo, sellerTwo, lotTwo, await frozenLot(market, sellerTwo, admin));
  const suspended = await aSuspendedPerson(market, admin, lotTwo);
  const people = { other, buyer, seller, admin, suspended: suspended.person };
  return {
    market,
    people,
    buyerTwo,
    sellerTwo,
    lots,
    lotTwo,
    lotTwoInReview: (await aSubmittedListing(market, { seller: sellerTwo, onSale: 100 })).listing,
    adminsLot: (await aSubmittedListing(market, { seller: admin, onSale: 100 })).listing,
    own,
    two,
    suspended,
    toSuspend: await aPerson(market, 'Tom Tosuspend'),
    toReinstate: (await aSuspendedPerson(market, admin, lotTwo)).person,
  };
}

/** The seller's lots, one in each state from which a form starts. */
async function makeLots(market: TestMarket, seller: Person, admin: Person) {
  const facts = { seller, admin, onSale: 300 };
  const onSale = async () => (await aListing(market, facts)).listing;
  const submitted = async () => (await aSubmittedListing(market, facts)).listing;
  const decided = async (listing: Listing, decision: Decision) => decideListing(admin.ctx(), listing.id, decision);
  const raising = async () => {
    const { id } = await onSale();
    await raiseFaceValue(seller.ctx(), { listingId: id, toNano: usdNano(420) });
    await forgetLimit(market.system(), 'token_check', seller.id);
    return { id };
  };
  const paused = await onSale();
  await pauseListing(seller.ctx(), paused.id);
  const doubted = await onSale();
  await reportLotFailure(market.system(), { listingId: doubted.id, reason: 'no_credit', detail: 'test' });
  return {
    active: await onSale(),
    doubted,
    toPause: await onSale(),
    toWithdraw: await onSale(),
    toRaise: await onSale(),
    raisedToTakeBack: await raising(),
    raisedToApprove: await raising(),
    raisedToReject: await raising(),
    toSuspend: await onSale(),
    withNewToken: (await aListing(market, { ...facts, username: 'new-token' })).listing,
    paused,
    asked: await decided(await submitted(), { intent: 'ask', note: 'Where is it from?' }),
    askedToTakeBack: await decided(await submitted(), { intent: 'ask', note: 'Where is it from?' }),
    rejected: await decided(await submitted(), { intent: 'reject', reasonCode: 'other', note: 'Not like this.' }),
    suspended: await decided(await onSale(), { intent: 'suspend', note: 'Held for a look.' }),
    toApprove: await submitted(),
    toAsk: await submitted(),
    toReject: await submitted(),
  };
}

async function frozenLot(market: TestMarket, seller: Person, admin: Person): Promise<Listing> {
  return (await aListing(market, { seller, admin, onSale: 100 })).listing;
}

/** A buyer's purchase of each kind, offers in each final state, and keys for each wallet form. */
async function makePurchases(market: TestMarket, buyer: Person, seller: Person, lot: Listing, frozen: Listing) {
  const bought = await aPurchase(market, buyer, lot, 20);
  const refundable = await aPurchase(market, buyer, frozen, 20);
  await reportLotFailure(market.system(), { listingId: frozen.id, reason: 'token_refused', detail: 'test' });
  const key = await ensureAccessKey(buyer.ctx());
  const mint = (name: string) => mintAccessKey(buyer.ctx(), { name, cap: '' });
  return {
    bought,
    refundable,
    withdrawable: await aPurchase(market, buyer, lot, 20),
    toPay: await aCheckout(market, buyer, lot, 20),
    toCancel: await aCheckout(market, buyer, lot, 20),
    key,
    keys: { toEdit: await mint('to edit'), toSave: await mint('to save'), toRevoke: await mint('to revoke') },
    offers: {
      toWithdraw: await anOffer(market, buyer, seller),
      toAccept: await anOffer(market, buyer, seller),
      toDecline: await anOffer(market, buyer, seller),
    },
  };
}

/** An offer on a new lot, since a buyer can have one open offer on a lot. */
async function anOffer(market: TestMarket, buyer: Person, seller: Person) {
  const { listing } = await aListing(market, { seller, onSale: 100 });
  const lot = { ...listing, onSale: true, minimumNano: listing.minNano };
  return makeOffer(buyer.ctx(), lot, { listingId: listing.id, creditNano: usdNano(50), discountBps: 6_000, hours: 24 });
}

/** A person who bought and sold, and was then suspended. */
async function aSuspendedPerson(market: TestMarket, admin: Person, lot: Listing) {
  const person = await aSeller(market, 'Susa Suspended');
  const { listing } = await aListing(market, { seller: person, admin, onSale: 100 });
  const { transactionId, checkoutId } = await aPurchase(market, person, lot, 20);
  const key = await ensureAccessKey(person.ctx());
  await suspendPerson(admin.ctx(), { userId: person.id, reason: 'A test.' });
  return { person, listing, transactionId, checkoutId, key };
}

/** The Cookie header of a role. A suspended person's session is still stored but not accepted. */
async function toCookie(cast: Cast, role: Role): Promise<string> {
  if (role === 'anonymous') return '';
  const { id } = cast.people[role];
  return (await startSignIn(cast.market.system(), id, null)).split(';')[0] ?? '';
}

export async function cookiesOfAll(cast: Cast): Promise<Record<Role, string>> {
  const all = await Promise.all(roles.map(async (role) => [role, await toCookie(cast, role)] as const));
  return Object.fromEntries(all) as Record<Role, string>;
}

let accounts = 0;

/** What the form of a new listing posts, with a token that Replicate accepts. */
export function newListingForm(market: TestMarket): Record<string, string> {
  accounts += 1;
  const { token } = market.replicate.control.createAccount({ username: `matrix-${accounts}`, creditUsd: '220' });
  return { ...termsForm(market), token, ownsCredit: 'on' };
}

export function termsForm(market: TestMarket): Record<string, string> {
  const expiresOn = toDateInput(addDays(market.services.clock.now(), 60));
  return { faceValue: '220.00', discount: '50', expiresOn, minimum: '10.00' };
}
