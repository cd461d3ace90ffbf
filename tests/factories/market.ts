import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { listings, mailOutbox } from '~db/schema';
import { addSellerBurn } from '~/modules/accounts/index.server';
import type { Listing } from '~/modules/listings/index.server';
import { findCheckout } from '~/modules/payments/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import type { CheckoutId, UserId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { forgetLimit } from '~/platform/rate-limit.server';
import type { Services } from '~/services.server';
import { confirmPayment, type Confirmation } from '~/workflows/paying/confirm-payment.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { startCheckout, type StartedCheckout } from '~/workflows/paying/start-checkout.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import type { TestMarket } from '~tests/setup/market';
import { anAdmin as newAdmin, aUser, type TestUser, type UserActor } from './users';

export interface Person {
  id: UserId;
  email: string;
  actor: UserActor;
  /** A context of this person at the time of the call, optionally in another process. */
  ctx(services?: Services): Ctx;
}

let count = 0;

/** A person with a verified address. */
export async function aPerson(market: TestMarket, name?: string): Promise<Person> {
  return toPerson(market, await aUser(visitorCtx(market), name === undefined ? {} : { name }));
}

function visitorCtx(market: TestMarket): Ctx {
  return market.services.ctxFor({ kind: 'visitor' });
}

function toPerson(market: TestMarket, { userId, email, actor }: TestUser): Person {
  return { id: userId, email, actor, ctx: (services = market.services) => services.ctxFor(actor) };
}

export async function people(market: TestMarket, howMany: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: howMany }, () => aPerson(market)));
}

export async function anAdmin(market: TestMarket): Promise<Person> {
  return toPerson(market, await newAdmin(visitorCtx(market)));
}

/** A seasoned seller: enough credit was burned that the caps of new sellers do not apply. */
export async function aSeller(market: TestMarket, name?: string): Promise<Person> {
  const seller = await aPerson(market, name);
  await atomic(market.system(), (tx) => addSellerBurn(tx, seller.id, usdNano(500)));
  return seller;
}

export interface ListingFacts {
  seller?: Person;
  admin?: Person;
  /** Credit on sale, in dollars; the tail guard of $20 is added. */
  onSale?: number;
  discountBps?: number;
  minimum?: number;
  daysLeft?: number;
  /** The Replicate account behind it; a new one each time unless named. */
  username?: string;
}

/** A lot that waits for review, on its own Replicate account. */
export async function aSubmittedListing(market: TestMarket, facts: ListingFacts = {}): Promise<{ listing: Listing; seller: Person }> {
  count += 1;
  const { onSale = 1_000, discountBps = 5_000, minimum = 10, daysLeft = 60, username = `account-${count}` } = facts;
  const seller = facts.seller ?? (await aSeller(market));
  const { token } = market.replicate.control.createAccount({ username, creditUsd: String(onSale + 20) });
  const terms = {
    faceNano: usdNano(onSale + 20),
    discountBps,
    minNano: usdNano(minimum),
    creditExpiresAt: midnight(addDays(market.services.clock.now(), daysLeft + 1)),
  };
  const listing = await submitListing(seller.ctx(), { terms, token });
  await forgetLimit(market.system(), 'token_check', seller.id);
  return { listing, seller };
}

/** A lot on sale. */
export async function aListing(market: TestMarket, facts: ListingFacts = {}): Promise<{ listing: Listing; seller: Person }> {
  const admin = facts.admin ?? (await anAdmin(market));
  const { listing, seller } = await aSubmittedListing(market, facts);
  return { listing: await decideListing(admin.ctx(), listing.id, { intent: 'approve' }), seller };
}

function midnight(at: Date): Date {
  return new Date(`${at.toISOString().slice(0, 10)}T00:00:00.000Z`);
}

/** Reads a lot again from the database. */
export async function listingNow(market: TestMarket, id: Listing['id']): Promise<Listing> {
  const [row] = await market.system().db.select().from(listings).where(eq(listings.id, id));
  if (!row) throw new Error(`There is no ${id}.`);
  return row;
}

/** The kinds of mail that an address got, newest last. */
export async function mailsTo(market: TestMarket, email: string): Promise<string[]> {
  const rows = await market
    .system()
    .db.select({ kind: mailOutbox.kind })
    .from(mailOutbox)
    .where(eq(mailOutbox.recipient, email))
    .orderBy(mailOutbox.createdAt);
  return rows.map((row) => row.kind);
}

export interface PurchaseFacts {
  buyer?: Person;
  /** Credit in dollars. */
  amount?: number;
  formToken?: string;
  services?: Services;
}

/** A buyer presses Buy on a lot at its current price. */
export async function startPurchase(market: TestMarket, listing: Listing, facts: PurchaseFacts = {}): Promise<StartedCheckout> {
  const { buyer = await aPerson(market), amount = 20, formToken = randomUUID(), services } = facts;
  return startCheckout(buyer.ctx(services), {
    listingId: listing.id,
    creditNano: usdNano(amount),
    shownDiscountBps: listing.discountBps,
    formToken,
    useNow: true,
  });
}

/** The buyer pays on Stripe's page. We learn of it only when something asks Stripe. */
export async function payAtStripe(market: TestMarket, checkoutId: CheckoutId): Promise<void> {
  const { stripeSessionId } = await findCheckout(market.system(), checkoutId);
  if (!stripeSessionId) throw new Error(`${checkoutId} has no page at Stripe.`);
  const outcome = market.stripe.control.paySession(stripeSessionId);
  if (outcome.kind !== 'paid') throw new Error(`The payment of ${checkoutId} went otherwise: ${outcome.kind}.`);
}

/** The buyer pays, and we confirm the payment. */
export async function pay(market: TestMarket, checkoutId: CheckoutId): Promise<Confirmation> {
  await payAtStripe(market, checkoutId);
  return confirmPayment(market.system(), checkoutId);
}
