import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { offers } from '~db/schema';
import { startSignIn } from '~/modules/accounts/index.server';
import { importPriceBook } from '~/modules/pricing/index.server';
import { firstRules } from '~/modules/policy/policy-rules';
import { paths } from '~/paths';
import type { OfferId } from '~/platform/ids';
import { ruleTexts } from '~/routes/admin.policy/policy-form';
import { acceptOfferAndOpenCheckout } from '~/workflows/listing/accept-offer.server';
import type { Person } from '~tests/factories/market';
import { findPurchase } from '~tests/factories/transactions';
import { testMarket } from '~tests/setup/market';
import { gather, type Cast } from './isolation/cast';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** Acts that cannot be undone: the page asks first, names the amount, and reports the result. Without JavaScript. */
const market = testMarket();
let served: ServedMarket;
let cast: Cast;

beforeAll(async () => {
  served = await serveMarket(market);
  await importPriceBook(market.system());
  cast = await gather(market);
});
afterAll(() => served.close());

async function visit(person: Person, path: string, form?: Record<string, string>) {
  const cookie = (await startSignIn(market.system(), person.id, null)).split(';')[0] ?? '';
  const answer = await fetch(served.url + path, {
    redirect: 'manual',
    headers: { Cookie: cookie, ...(form && { Origin: served.url }) },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return { status: answer.status, location: answer.headers.get('location') ?? '', text: visibleText(await answer.text()) };
}

function visibleText(html: string): string {
  return html.replace(/<!-- -->/g, '').replace(/&#x27;/g, '’');
}

it('a refund is confirmed first, with the amount on the button, and reported after', async () => {
  const { buyer } = cast.people;
  const { transactionId, checkoutId } = cast.own.refundable;
  const page = await visit(buyer, paths.transaction(transactionId));
  expect(page.text).toContain('Refund $10.00 now…');
  expect(page.text).not.toContain('value="refund"');
  const step = await visit(buyer, paths.transaction(transactionId, { ask: 'refund' }));
  expect(step.text).toContain('Refund $10.00 to your card?');
  expect(step.text).toContain('cannot be undone');
  expect((await findPurchase(market, checkoutId)).transaction.state).toBe('frozen');
  const done = await visit(buyer, paths.transaction(transactionId), { intent: 'refund' });
  expect(done).toMatchObject({ location: paths.transaction(transactionId, { done: 'refund' }) });
  expect((await visit(buyer, done.location)).text).toContain('The refund is decided.');
});

it('accepting or declining an offer and withdrawing one are confirmed first', async () => {
  const { seller, buyer } = cast.people;
  const { toAccept, toWithdraw } = cast.own.offers;
  expect((await visit(seller, paths.sellOffers())).text).not.toContain('value="accept"');
  const step = await visit(seller, paths.sellOffers({ ask: 'accept', offer: toAccept.id }));
  expect(step.text).toContain('Accept $20.00 for $50.00 of credit?');
  expect(step.text).toContain('you earn $18.00');
  const done = await visit(seller, paths.sellOffers(), { intent: 'accept', offerId: toAccept.id });
  expect((await visit(seller, done.location)).text).toContain('Accepted. The credit is reserved');
  expect((await visit(seller, paths.sellOffers({ ask: 'decline', offer: toAccept.id }))).status).toBe(409);
  expect((await visit(buyer, paths.offers({ ask: 'withdraw', offer: toWithdraw.id }))).text).toContain('Withdraw your offer of $20.00');
  expect((await visit(cast.buyerTwo, paths.offers({ ask: 'withdraw', offer: toWithdraw.id }))).status).toBe(404);
});

it('a new policy shows its changes before it is published, and going back keeps the input', async () => {
  const { admin } = cast.people;
  const typed = {
    basedOn: '1',
    note: 'A lower fee.',
    ...ruleTexts(firstRules),
    fee: '9 %',
  };
  const step = await visit(admin, paths.admin.policy(), typed);
  expect(step.text).toContain('Publish version 2 of the rules?');
  expect(step.text).toContain('Fee: 10.0% becomes 9.0%');
  expect((await visit(admin, paths.admin.policy())).text).toContain('Policy, version 1');
  const back = await visit(admin, paths.admin.policy(), { ...typed, confirmed: 'no' });
  expect(back.text).toContain('A lower fee.');
  const done = await visit(admin, paths.admin.policy(), { ...typed, confirmed: 'yes' });
  expect((await visit(admin, done.location)).text).toContain('Version 2 is in force.');
});

it('a buyer withdraws from the contract in two steps and sees the deadline', async () => {
  const { buyer } = cast.people;
  const { transactionId, checkoutId } = cast.own.withdrawable;
  const page = await visit(buyer, paths.transaction(transactionId));
  expect(page.text).toContain('Withdraw from contract here');
  const step = await visit(buyer, paths.transaction(transactionId, { ask: 'withdraw' }));
  expect(step.text).toContain('Confirm withdrawal: $10.00 back');
  expect((await findPurchase(market, checkoutId)).transaction.state).toBe('delivered');
  const done = await visit(buyer, paths.transaction(transactionId), { intent: 'withdraw' });
  const after = await visit(buyer, done.location);
  expect(after.text).toContain('You withdrew from the contract.');
  expect(after.text).not.toContain('Withdraw from contract here');
  const again = await visit(buyer, paths.transaction(transactionId), { intent: 'withdraw' });
  expect(again.status).toBe(409);
  expect(again.text).toContain('You withdrew from this contract on');
});

it('a buyer who has not agreed to immediate use cannot buy', async () => {
  const { buyer, seller } = cast.people;
  const lot = cast.lots.active;
  const form = { intent: 'buy', amount: '20', shownDiscountBps: '5000', formToken: randomUUID() };
  const refused = await visit(buyer, paths.listing(lot.id), form);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('Tick this box to buy');
  // An accepted offer opens the checkout before its buyer could agree.
  await acceptOfferAndOpenCheckout(seller.ctx(), { offerId: cast.own.offers.toDecline.id });
  const [offer] = await market.system().db.select().from(offers).where(eq(offers.id, cast.own.offers.toDecline.id));
  const at = paths.checkout(offer?.checkoutId ?? '');
  expect((await visit(buyer, at)).text).not.toContain('href="' + market.stripe.url);
  expect(await visit(buyer, at, { intent: 'pay' })).toMatchObject({ status: 422 });
  const paying = await visit(buyer, at, { intent: 'pay', useNow: 'on' });
  expect(paying.location).toContain(market.stripe.url);
  expect((await visit(buyer, at)).text).not.toContain('name="useNow"');
  await cancelOffer(buyer, at, cast.own.offers.toDecline.id);
});

/** Canceling the checkout of an accepted offer ends the offer: it is asked first. */
async function cancelOffer(buyer: Person, at: string, offerId: OfferId): Promise<void> {
  const stateNow = async () => (await market.system().db.select().from(offers).where(eq(offers.id, offerId)))[0]?.state;
  const step = await visit(buyer, at, { intent: 'cancel' });
  expect(step.location).toBe(`${at}?ask=cancel`);
  expect((await visit(buyer, step.location)).text).toContain('Canceling ends the offer');
  expect(await stateNow()).toBe('accepted');
  await visit(buyer, at, { intent: 'cancel', confirmed: 'yes' });
  expect(await stateNow()).toBe('lapsed');
}

it('a seller reads Replicate’s terms with their date and the risk before the declaration', async () => {
  for (const path of [paths.sellNew(), paths.terms()]) {
    const page = await visit(cast.people.seller, path);
    expect(page.text).toContain('Replicate’s terms of 1 Apr 2026 (§2.7(c)(iii)');
    expect(page.text).toContain('consent in writing');
    expect(page.text).toContain('balance below zero');
  }
});
