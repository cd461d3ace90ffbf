import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { LotLink, OfferDiscount, offeredLot, OfferState } from '~/components';
import { type Column, ConfirmPage, DoneMessage, EmptyState, LinkButton, Note, PageHead, PagedTable } from '~/components/ui';
import { errorPage, orPage, parseForm } from '~/pages/forms.server';
import { findNamedLot } from '~/modules/listings/index.server';
import { declineOffer } from '~/modules/offers/index.server';
import { currentPolicy, type PolicyRules } from '~/modules/policy/index.server';
import { computeAmounts } from '~/modules/transactions/purchase-amounts';
import { paths } from '~/paths';
import { DomainError } from '~/platform/errors';
import { idSchema } from '~/platform/ids';
import { formatCents, formatNano, formatPercent, priceCents } from '~/platform/money';
import { findOffersGot, findOpenOffer, type OfferRow } from '~/queries/buying/offers.server';
import { requireUserCtx } from '~/pages/request-context.server';
import { acceptOfferAndOpenCheckout } from '~/workflows/listing/accept-offer.server';

export const meta: MetaFunction = () => [{ title: 'Offers on your lots · Credit Mart' }];

const Step = z.enum(['accept', 'decline']);

export async function loader({ request, context }: LoaderFunctionArgs) {
  const ctx = await requireUserCtx({ request, context });
  const query = new URL(request.url).searchParams;
  const after = query.get('after');
  const step = Step.safeParse(query.get('ask')).data ?? null;
  const asked = step && (await orPage(findOpenOffer(ctx, 'seller', query.get('offer'))));
  const { rules } = await currentPolicy(ctx);
  return {
    ...(await findOffersGot(ctx, after)),
    firstPage: after === null,
    asked: asked && step ? { step, offer: asked, terms: acceptanceSentence(asked, rules) } : null,
    done: query.get('done'),
  };
}

/** One sentence on accepting: the price, our fee, the seller's earnings, and the buyer's time to pay. */
function acceptanceSentence(offer: OfferRow, { feeBps, offerPayHours }: PolicyRules) {
  return { ...computeAmounts(offer.creditNano, offer.discountBps, feeBps), offerPayHours };
}

const DecisionForm = z.object({ intent: Step, offerId: idSchema('offer') });

export async function action({ request, context }: ActionFunctionArgs) {
  const ctx = await requireUserCtx({ request, context });
  const submission = await parseForm(request, DecisionForm);
  if (submission.status !== 'success') return redirect(paths.sellOffers(), 303);
  const { intent, offerId } = submission.value;
  try {
    await (intent === 'accept' ? acceptOfferAndOpenCheckout(ctx, { offerId }) : declineOffer(ctx, offerId, findNamedLot));
    return redirect(paths.sellOffers({ done: intent }), 303);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.status === 404) throw errorPage(error);
    return data({ refusal: error.message }, { status: error.status });
  }
}

export default function OffersOnLots() {
  const { rows, next, firstPage, asked, done } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  if (asked) return <ConfirmDecision {...asked} />;
  const open = rows.filter((offer) => offer.state === 'open').length;
  return (
    <>
      <PageHead
        title={rows.length === 0 ? 'No offers yet' : `${open} ${open === 1 ? 'offer waits' : 'offers wait'} for your answer`}
        lead="Accepting reserves the credit for that buyer and opens the payment at the price offered. Not paid in time, it comes back to your lot."
      >
        {result && 'refusal' in result && (
          <Note tone="fail" role="alert" title="Nothing was changed.">
            {result.refusal}
          </Note>
        )}
      </PageHead>
      <PagedTable
        caption="Offers on your lots, newest first"
        columns={columns}
        rows={rows}
        next={next}
        isFirstPage={firstPage}
        pageUrl={paths.sellOffers}
        empty={
          <EmptyState title="No offers yet" as="h2" action={<LinkButton to={paths.sell()}>See your lots</LinkButton>}>
            Buyers can bid on each of your lots that is on sale.
          </EmptyState>
        }
      />
      <DoneMessage done={done} words={doneWords} failed={Boolean(result)} />
    </>
  );
}

const doneWords = {
  accept: 'Accepted. The credit is reserved, and the buyer is mailed the way to pay.',
  decline: 'Declined. We mailed the buyer, who can make another offer.',
};

type Asked = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['asked']>;

function ConfirmDecision({ step, offer, terms }: Asked) {
  const credit = formatNano(offer.creditNano);
  const price = formatCents(terms.priceCents);
  const common = { name: 'intent', value: step, hidden: { offerId: offer.id }, keepTo: paths.sellOffers(), action: paths.sellOffers() };
  if (step === 'decline') {
    return (
      <ConfirmPage
        {...common}
        title={`Decline ${price} for ${credit} of credit?`}
        keepLabel="Keep the offer open"
        confirmLabel={`Decline ${price}`}
      >
        <p>We mail the buyer. You cannot accept this offer afterwards; the buyer would have to make it again.</p>
      </ConfirmPage>
    );
  }
  return (
    <ConfirmPage
      {...common}
      variant="primary"
      title={`Accept ${price} for ${credit} of credit?`}
      keepLabel="Leave it open"
      confirmLabel={`Accept ${price}`}
    >
      <p>
        {credit} of your lot is reserved for this buyer at {formatPercent(offer.discountBps)} off; your lot asks for{' '}
        {formatPercent(offer.listingDiscountBps)}. You cannot take it back while the buyer has time to pay, which is {terms.offerPayHours}{' '}
        hours.
      </p>
      <p>
        Paid, you earn {formatCents(terms.sellerTotalCents)} as the credit burns, after our fee of {formatCents(terms.feeCents)}. Not paid
        in time, the credit comes back to your lot.
      </p>
    </ConfirmPage>
  );
}

const columns: Column<OfferRow>[] = [
  {
    key: 'lot',
    head: 'Your lot',
    rowHead: true,
    cell: (offer) => (
      <>
        <LotLink to={paths.sellListing(offer.listingId)} lot={offeredLot(offer)} />
        <span className="sub">{formatNano(offer.listingAvailableNano)} left</span>
      </>
    ),
  },
  {
    key: 'buyer',
    head: 'Buyer',
    cell: (offer) => (
      <>
        {offer.otherName}
        {offer.message && <span className="sub">“{offer.message}”</span>}
      </>
    ),
  },
  { key: 'amount', head: 'Credit', numeric: true, cell: (offer) => formatNano(offer.creditNano) },
  {
    key: 'discount',
    head: 'Discount',
    numeric: true,
    cell: (offer) => <OfferDiscount offer={offer} whose="yours" />,
  },
  { key: 'price', head: 'Price', numeric: true, cell: (offer) => formatCents(priceCents(offer.creditNano, offer.discountBps)) },
  {
    key: 'state',
    head: 'State',
    cell: (offer) => <OfferState offer={offer} />,
  },
  { key: 'action', head: 'Action', headHidden: true, cell: (offer) => <Decision offer={offer} /> },
];

function Decision({ offer }: { offer: OfferRow }) {
  if (offer.state !== 'open') return null;
  const what = `${formatNano(offer.creditNano)} at ${formatPercent(offer.discountBps)}`;
  return (
    <span className="row-actions">
      <LinkButton size="small" to={paths.sellOffers({ ask: 'accept', offer: offer.id })} aria-label={`Accept ${what}`}>
        Accept
      </LinkButton>
      <LinkButton size="small" to={paths.sellOffers({ ask: 'decline', offer: offer.id })} aria-label={`Decline ${what}`}>
        Decline
      </LinkButton>
    </span>
  );
}
