import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { LotLink, OfferDiscount, offeredLot, OfferState } from '~/components';
import { type Column, ConfirmPage, DoneMessage, EmptyState, LinkButton, PageHead, PagedTable, Time } from '~/components/ui';
import { orPage, parseForm } from '~/pages/forms.server';
import { withdrawOffer } from '~/modules/offers/index.server';
import { paths } from '~/paths';
import { idSchema } from '~/platform/ids';
import { lotName } from '~/platform/lot-name';
import { formatCents, formatNano, priceCents } from '~/platform/money';
import { findOffersMade, findOpenOffer, type OfferRow } from '~/queries/buying/offers.server';
import { requireUserCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () => [{ title: 'Your offers · Credit Mart' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const ctx = await requireUserCtx({ request, context });
  const query = new URL(request.url).searchParams;
  const after = query.get('after');
  const asked = query.get('ask') === 'withdraw' ? await orPage(findOpenOffer(ctx, 'buyer', query.get('offer'))) : null;
  return { ...(await findOffersMade(ctx, after)), firstPage: after === null, asked, done: query.get('done') };
}

const WithdrawForm = z.object({ intent: z.literal('withdraw'), offerId: idSchema('offer') });

export async function action({ request, context }: ActionFunctionArgs) {
  const ctx = await requireUserCtx({ request, context });
  const submission = await parseForm(request, WithdrawForm);
  if (submission.status !== 'success') return redirect(paths.offers(), 303);
  await orPage(withdrawOffer(ctx, submission.value.offerId));
  return redirect(paths.offers({ done: 'withdraw' }), 303);
}

export default function Offers() {
  const { rows, next, firstPage, asked, done } = useLoaderData<typeof loader>();
  if (asked) return <ConfirmWithdrawal offer={asked} />;
  return (
    <>
      <PageHead title={headline(rows)} lead="Your offers on single lots. Nothing is charged until an offer is accepted and you pay." />
      <PagedTable
        caption="Your offers, newest first"
        columns={columns}
        rows={rows}
        next={next}
        isFirstPage={firstPage}
        pageUrl={paths.offers}
        empty={
          <EmptyState title="You have made no offer" as="h2" action={<LinkButton to={paths.listings()}>Browse lots</LinkButton>}>
            Open a lot and name the discount at which you would buy.
          </EmptyState>
        }
      />
      <DoneMessage done={done} words={doneWords} />
    </>
  );
}

const doneWords = { withdraw: 'Your offer is withdrawn. You can make another one on the same lot.' };

function ConfirmWithdrawal({ offer }: { offer: OfferRow }) {
  return (
    <ConfirmPage
      title={`Withdraw your offer of ${formatCents(priceCents(offer.creditNano, offer.discountBps))} for ${formatNano(offer.creditNano)}?`}
      keepLabel="Keep the offer"
      keepTo={paths.offers()}
      confirmLabel="Withdraw the offer"
      name="intent"
      value="withdraw"
      hidden={{ offerId: offer.id }}
      action={paths.offers()}
    >
      <p>The seller can no longer accept it, and it cannot be opened again. Nothing was charged. You can make a new offer on the lot.</p>
    </ConfirmPage>
  );
}

/** Offers that wait for the buyer come first: an accepted offer has to be paid in time. */
function headline(rows: readonly OfferRow[]): string {
  if (rows.length === 0) return 'No offers yet';
  const open = rows.filter((offer) => offer.state === 'open').length;
  const toPay = rows.filter((offer) => offer.state === 'accepted').length;
  const stillOpen = `${open} open ${open === 1 ? 'offer' : 'offers'}`;
  return toPay === 0 ? stillOpen : `${toPay} ${toPay === 1 ? 'offer' : 'offers'} to pay${open === 0 ? '' : `, ${open} open`}`;
}

const columns: Column<OfferRow>[] = [
  {
    key: 'lot',
    head: 'Lot',
    rowHead: true,
    cell: (offer) => (
      <>
        <LotLink to={paths.listing(offer.listingId)} lot={offeredLot(offer)} /> <span className="sub">sold by {offer.otherName}</span>
      </>
    ),
  },
  { key: 'amount', head: 'Credit', numeric: true, cell: (offer) => formatNano(offer.creditNano) },
  {
    key: 'discount',
    head: 'Discount',
    numeric: true,
    cell: (offer) => <OfferDiscount offer={offer} whose="lot" />,
  },
  { key: 'price', head: 'You would pay', numeric: true, cell: (offer) => formatCents(priceCents(offer.creditNano, offer.discountBps)) },
  {
    key: 'state',
    head: 'State',
    cell: (offer) => (
      <OfferState offer={offer}>
        {offer.state === 'accepted' && offer.payUntilAt && (
          <span className="sub tone-near">
            pay until <Time at={offer.payUntilAt} />
          </span>
        )}
      </OfferState>
    ),
  },
  { key: 'action', head: 'Action', headHidden: true, numeric: true, cell: (offer) => <OfferAction offer={offer} /> },
];

function OfferAction({ offer }: { offer: OfferRow }) {
  if (offer.state === 'accepted' && offer.checkoutId) {
    return (
      <LinkButton size="small" variant="primary" to={paths.checkout(offer.checkoutId)}>
        Pay now
      </LinkButton>
    );
  }
  if (offer.state !== 'open') return null;
  return (
    <LinkButton
      size="small"
      to={paths.offers({ ask: 'withdraw', offer: offer.id })}
      aria-label={`Withdraw the offer on ${lotName(offeredLot(offer))}`}
    >
      Withdraw
    </LinkButton>
  );
}
