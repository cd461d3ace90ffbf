import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { OfferDiscount, OfferState } from '~/components';
import { Button, type Column, DataTable, EmptyState, Link, LinkButton, Note, PageHead, Pager } from '~/components/ui';
import { errorPage, parseForm } from '~/forms.server';
import { declineOffer } from '~/modules/offers/index.server';
import { paths } from '~/paths';
import { DomainError } from '~/platform/errors';
import { idSchema, shortId } from '~/platform/ids';
import { formatCents, formatNano, formatPercent, priceCents } from '~/platform/money';
import { findOffersGot, type OfferRow } from '~/queries/offers.server';
import { requireUserCtx } from '~/request-context.server';
import { acceptOfferAndOpenCheckout } from '~/workflows/accept-offer.server';

export const meta: MetaFunction = () => [{ title: 'Offers on your lots · Credit Mart' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const ctx = await requireUserCtx({ request, context });
  const after = new URL(request.url).searchParams.get('after');
  return { ...(await findOffersGot(ctx, after)), firstPage: after === null };
}

const DecisionForm = z.object({ intent: z.enum(['accept', 'decline']), offerId: idSchema('offer') });

export async function action({ request, context }: ActionFunctionArgs) {
  const ctx = await requireUserCtx({ request, context });
  const submission = await parseForm(request, DecisionForm);
  if (submission.status !== 'success') return redirect(paths.sellOffers(), 303);
  const { intent, offerId } = submission.value;
  try {
    await (intent === 'accept' ? acceptOfferAndOpenCheckout(ctx, { offerId }) : declineOffer(ctx, offerId));
    return redirect(paths.sellOffers(), 303);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.status === 404) throw errorPage(error);
    return data({ refusal: error.message }, { status: error.status });
  }
}

export default function OffersOnLots() {
  const { rows, next, firstPage } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
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
      {rows.length === 0 ? (
        <EmptyState title="Nobody has made an offer" as="h2" action={<LinkButton to={paths.sell()}>See your lots</LinkButton>}>
          Buyers can bid on each of your lots that is on sale.
        </EmptyState>
      ) : (
        <div className="mt-8">
          <DataTable caption="Offers on your lots, newest first" captionHidden columns={columns} rows={rows} rowKey={(offer) => offer.id} />
        </div>
      )}
      <Pager
        nextTo={next && paths.sellOffers({ after: next })}
        previousTo={firstPage ? null : paths.sellOffers()}
        previousLabel="First page"
        nextLabel="Older"
      />
    </>
  );
}

const columns: Column<OfferRow>[] = [
  {
    key: 'lot',
    head: 'Your lot',
    rowHead: true,
    cell: (offer) => (
      <>
        <Link className="mono" to={paths.sellListing(offer.listingId)}>
          {shortId(offer.listingId)}
        </Link>
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
  { key: 'amount', head: 'Credit', numeric: true, cell: (offer) => formatNano(offer.amountNano) },
  {
    key: 'discount',
    head: 'Discount',
    numeric: true,
    cell: (offer) => <OfferDiscount offer={offer} whose="yours" />,
  },
  { key: 'price', head: 'Price', numeric: true, cell: (offer) => formatCents(priceCents(offer.amountNano, offer.discountBps)) },
  {
    key: 'state',
    head: 'State',
    cell: (offer) => <OfferState offer={offer} />,
  },
  { key: 'action', head: 'Action', headHidden: true, cell: (offer) => <Decision offer={offer} /> },
];

function Decision({ offer }: { offer: OfferRow }) {
  if (offer.state !== 'open') return null;
  return (
    <Form method="post" className="row-actions">
      <input type="hidden" name="offerId" value={offer.id} />
      <Button
        size="small"
        name="intent"
        value="accept"
        aria-label={`Accept ${formatNano(offer.amountNano)} at ${formatPercent(offer.discountBps)}`}
      >
        Accept
      </Button>
      <Button
        size="small"
        name="intent"
        value="decline"
        aria-label={`Decline ${formatNano(offer.amountNano)} at ${formatPercent(offer.discountBps)}`}
      >
        Decline
      </Button>
    </Form>
  );
}
