import { randomUUID } from 'node:crypto';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { LevelBars, LotBar, OpenCheckouts, sellerRecord, stateWord } from '~/components';
import { Breadcrumb, Link, LinkButton, Note, PageHead } from '~/components/ui';
import { errorPage, submitForm } from '~/pages/forms.server';
import { smallestPurchaseNano } from '~/modules/listings/listing-preview';
import { shownState } from '~/modules/listings/listing-machine';
import { makeOffer } from '~/modules/offers/index.server';
import { currentPolicy, type PolicyRules } from '~/modules/policy/index.server';
import { computeBuyerRoom, sumSpendingOfDay } from '~/modules/transactions/index.server';
import { settlementDay, burnWindowEnd } from '~/modules/transactions/purchase-amounts';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { addDays, daysBetween, formatDate } from '~/platform/dates';
import { invalid, notFound } from '~/platform/errors';
import { isId, shortId, type ListingId } from '~/platform/ids';
import { lotName } from '~/platform/lot-name';
import { formatNano, formatPercent, formatPricePerUsd, shareBps } from '~/platform/money';
import { findOpenCheckouts } from '~/queries/buying/open-checkouts.server';
import { findListingPage, findOwnOffers, findShownLot } from '~/queries/market/listing.server';
import { findSimilarLots } from '~/queries/market/similar-lots.server';
import { requestCtx, keptFields, requirePosterCtx } from '~/pages/request-context.server';
import { pageMeta } from '~/pages/head';
import { useShell } from '~/pages/use-shell';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import { resultOfAddress } from './amount-in-address';
import { leadToPayment } from '../checkout.$checkoutId/lead-to-payment.server';
import { BuyPanel } from './buy-panel';
import { ListingForm } from './listing-forms';
import { lotData } from './lot-data';
import { LotFacts } from './lot-facts';
import { SimilarLots } from './similar-lots';
import { OfferPanel } from './offer-panel';
import { headline, soldSentence, whyNotOnSale } from './standing';

export const meta: MetaFunction<typeof loader> = ({ data: page }) =>
  page
    ? [
        ...pageMeta({ title: lotName(page.listing), description: describeLot(page.listing), hidden: page.similar !== null }),
        ...lotData(page.listing, { origin: page.origin, onSale: page.onSale }),
      ]
    : [{ title: 'No such lot · Credit Mart' }];

function describeLot(listing: Lot): string {
  return `${formatNano(listing.availableNano)} of Replicate credit at ${formatPricePerUsd(listing.discountBps)} per $1. Expires on ${formatDate(listing.creditExpiresAt)}. Held until burned.`;
}

type Lot = NonNullable<Awaited<ReturnType<typeof findShownLot>>>;

/** Loads a lot by `find` with its public columns. @throws the 404 page. */
async function lotOrNotFound<T>(
  args: LoaderFunctionArgs | ActionFunctionArgs,
  find: (ctx: Ctx, listingId: ListingId) => Promise<T | null>,
) {
  const { listingId } = args.params;
  const lot = isId('listing', listingId) ? await find(await requestCtx(args), listingId) : null;
  if (lot === null) throw errorPage(notFound('lot'));
  return lot;
}

function saleJson(ctx: Ctx, lot: Lot, rules: PolicyRules) {
  const onSale = lot.state === 'active' && lot.availableNano > 0n && lot.creditExpiresAt > addDays(ctx.now, rules.minDaysLeft);
  const minimumNano = smallestPurchaseNano(lot.minNano, lot.discountBps, rules.minPurchaseCents);
  return { onSale, minimumNano: minimumNano < lot.availableNano ? minimumNano : lot.availableNano };
}

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const page = await lotOrNotFound(args, findListingPage);
  const { listing } = page;
  const { rules } = await currentPolicy(ctx);
  const [ownOffers, kept] = await Promise.all([findOwnOffers(ctx, listing.id), keptFields(args)]);
  const sale = saleJson(ctx, listing, rules);
  const amount = kept?.amount ?? new URL(args.request.url).searchParams.get('amount') ?? '';
  return {
    ...page,
    ...sale,
    similar: sale.onSale ? null : await findSimilarLots(ctx, listing, rules.minDaysLeft),
    now: ctx.now,
    origin: ctx.config.publicUrl,
    ownOffers,
    buyerRoomCents: await buyerRoom(ctx, BigInt(rules.newBuyerMaxPerDayCents)),
    rules,
    word: stateWord('listing', shownState(listing)),
    own: ctx.actor.kind === 'user' && ctx.actor.userId === listing.sellerId,
    signedIn: ctx.actor.kind === 'user',
    daysLeft: daysBetween(ctx.now, listing.creditExpiresAt),
    burnBy: burnWindowEnd(listing.creditExpiresAt),
    settlementAt: settlementDay(listing.creditExpiresAt, ctx.now, rules.maxHoldDays),
    amount,
    amountResult: resultOfAddress(amount, { ...sale, availableNano: listing.availableNano }),
    kept,
    openCheckouts: await findOpenCheckouts(ctx, listing.id),
    formToken: randomUUID(),
  };
}

/** The rest of today's limit for new buyers. A visitor counts as new; null for other buyers. */
async function buyerRoom(ctx: Ctx, maxPerDayCents: bigint): Promise<bigint | null> {
  if (ctx.actor.kind !== 'user') return maxPerDayCents;
  return computeBuyerRoom(ctx, await sumSpendingOfDay(ctx, ctx.actor.userId), maxPerDayCents);
}

/** Fields restored after a visitor has signed in. The consent must be given again. */
const typedFields = ['amount', 'offerAmount', 'offerDiscount', 'offerHours', 'offerMessage'];

export async function action(args: ActionFunctionArgs) {
  const userCtx = await requirePosterCtx(args, typedFields);
  const listing = await lotOrNotFound(args, findShownLot);
  return submitForm(args.request, ListingForm, async (form) => {
    switch (form.intent) {
      case 'buy': {
        refuseMoreThanTheLot(form.amount, listing);
        const { amount: creditNano, shownDiscountBps, formToken } = form;
        const purchase = { listingId: listing.id, creditNano, shownDiscountBps, formToken, useNow: true as const };
        const { checkoutId, url } = await startCheckout(userCtx, purchase, args.context.clientIp);
        return leadToPayment(args, { checkoutId, url });
      }
      case 'offer': {
        const { rules } = await currentPolicy(userCtx);
        await makeOffer(
          userCtx,
          { ...listing, ...saleJson(userCtx, listing, rules) },
          {
            listingId: listing.id,
            creditNano: form.offerAmount,
            discountBps: form.offerDiscount,
            hours: form.offerHours,
            message: form.offerMessage,
          },
        );
        return redirect(paths.offers(), 303);
      }
    }
  });
}

/** 422 if the lot never held the amount. If other buyers took it meanwhile, the reservation answers 409. */
function refuseMoreThanTheLot(creditNano: bigint, lot: { listedNano: bigint; availableNano: bigint }): void {
  if (creditNano <= lot.listedNano || lot.availableNano === 0n) return;
  throw invalid('amount', `Only ${formatNano(lot.availableNano)} of credit is left in this lot. Enter that or less.`);
}

export default function Listing() {
  const page = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const { listing, burn, daysLeft, onSale, own } = page;
  const isAdmin = useShell()?.viewer?.isAdmin ?? false;
  return (
    <div className="split">
      <div>
        <PageHead
          above={
            <Breadcrumb steps={[{ label: 'Lots', to: paths.listings() }, { label: <span className="mono">{shortId(listing.id)}</span> }]} />
          }
          title={headline(listing, onSale)}
          lead={
            <>
              Sold by {listing.sellerName}
              {!page.trust.failed && (
                <>
                  , <LevelBars level={listing.level} named />
                </>
              )}
              : {sellerRecord(listing)}
              {burn.buyers > 0 && `, ${burn.buyers} ${burn.buyers === 1 ? 'buyer' : 'buyers'} on this lot`}.
            </>
          }
        >
          {!onSale && (
            <Note
              tone={page.trust.failed || listing.state === 'suspended' || listing.mendUntilAt ? 'fail' : 'ink'}
              title={page.trust.failed ? 'Failed' : `${page.word}: not on sale`}
            >
              {whyNotOnSale(listing, page.trust.failed, page.rules.mendHours)}
            </Note>
          )}
          <div className="space-above-6">
            <LotBar
              size="hero"
              faceNano={listing.faceNano}
              discountBps={listing.discountBps}
              soldShareBps={shareBps(listing.soldNano, listing.listedNano)}
              daysLeft={daysLeft}
              {...(onSale
                ? { pay: formatPricePerUsd(listing.discountBps), save: formatPercent(listing.discountBps) }
                : { label: `${lotName(listing)}; ${soldSentence(listing)}` })}
            />
            <p className="callouts">
              <span>{soldSentence(listing)}</span>
              <span>{daysLeft} days until it expires</span>
            </p>
          </div>
        </PageHead>
      </div>
      <aside className="split-side split-sticky beside-head" aria-label="Buy from this lot">
        <OpenCheckouts rows={page.openCheckouts} />
        {page.kept && (
          <Note role="status" title="Your entries are back.">
            Nothing was sent yet. Look at it, then send it.
          </Note>
        )}
        {onSale && !own && <BuyPanel page={page} result={result} />}
        {onSale && !own && <OfferPanel page={page} result={result} />}
        {own && (
          <div className="panel">
            <h2>This is your lot</h2>
            <div className="actions">
              <LinkButton to={paths.sellListing(listing.id)}>Manage it</LinkButton>
            </div>
          </div>
        )}
        {!onSale && !own && <LinkButton to={paths.listings()}>See lots on sale</LinkButton>}
        {isAdmin && (
          <p className="hint space-above-4">
            <Link to={paths.admin.listing(listing.id)}>Review of this lot</Link>
          </p>
        )}
      </aside>
      <div className="split-rest">
        {page.similar && page.similar.length > 0 && <SimilarLots lots={page.similar} now={page.now} />}
        <LotFacts page={page} />
      </div>
    </div>
  );
}

export type ListingPage = ReturnType<typeof useLoaderData<typeof loader>>;
export type ListingResult = ReturnType<typeof useActionData<typeof action>>;
