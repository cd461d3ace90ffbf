import { data, redirect, type ActionFunctionArgs, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import {
  Breadcrumb,
  Button,
  buttonClasses,
  Checkbox,
  ConfirmPage,
  EmptyState,
  LinkButton,
  Note,
  PageHead,
  Section,
  SumTable,
  Time,
} from '~/components/ui';
import { orPage, parseForm } from '~/pages/forms.server';
import { findOwnCheckout } from '~/modules/payments/index.server';
import { recordUseConsent } from '~/modules/transactions/index.server';
import { useNowConsent } from '~/modules/transactions/withdrawal';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatCents, formatNano, formatPricePerUsd } from '~/platform/money';
import { findCheckoutPage, type BoughtLot } from '~/queries/buying/checkout.server';
import { requireUserCtx } from '~/pages/request-context.server';
import { UseNowBox, useNowMissing } from '~/workflows/paying/buy-form';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { resumeCheckout } from '~/workflows/paying/start-checkout.server';
import { leadToPayment } from './lead-to-payment.server';

export const meta: MetaFunction = () => [{ title: 'Checkout · Credit Mart' }];
export const headers: HeadersFunction = ({ loaderHeaders }) => {
  const refresh = loaderHeaders.get('Refresh');
  return refresh ? { Refresh: refresh } : {};
};

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const page = await orPage(findCheckoutPage(ctx, args.params.checkoutId));
  if (page.checkout.state === 'paid') throw redirect(paths.checkoutComplete(page.checkout.id));
  const query = new URL(args.request.url).searchParams;
  const leading = query.has('go') && page.checkout.state === 'open' ? page.checkout.stripeUrl : null;
  const facts = {
    ...page,
    canceled: query.has('canceled'),
    asked: asksToCancel(page.checkout, query),
    unreachable: query.has('waiting'),
    leading: leading !== null,
  };
  if (leading !== null) return data(facts, { headers: { Refresh: `0; url=${leading}` } });
  return page.checkout.state === 'starting' ? data(facts, { headers: { Refresh: '4' } }) : data(facts);
}

/** An accepted offer ends with its checkout, so canceling it is confirmed first. */
function asksToCancel({ state, offerId }: { state: string; offerId: string | null }, query: URLSearchParams): boolean {
  return query.get('ask') === 'cancel' && offerId !== null && (state === 'starting' || state === 'open');
}

const Decision = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('pay'), useNow: UseNowBox.optional() }),
  z.object({ intent: z.literal('cancel'), confirmed: z.literal('yes').optional() }),
]);

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const { checkout, lots } = await orPage(findCheckoutPage(ctx, args.params.checkoutId));
  const submission = await parseForm(args.request, Decision);
  if (submission.status !== 'success') return redirect(paths.checkout(checkout.id), 303);
  if (submission.value.intent === 'pay') {
    if (lacksConsent(lots)) {
      if (submission.value.useNow !== 'on') return data({ unticked: useNowMissing }, { status: 422 });
      await recordUseConsent(ctx, checkout.id, useNowConsent.version);
    }
    return leadToPayment(args, await orPage(findOwnCheckout(ctx, checkout.id, ctx.userId).then((own) => resumeCheckout(ctx, own))));
  }
  if (checkout.offerId !== null && submission.value.confirmed !== 'yes')
    return redirect(paths.checkout(checkout.id, { ask: 'cancel' }), 303);
  const ending = await endCheckout(ctx, checkout.id, 'canceled');
  return redirect(paths.checkout(checkout.id, ending === 'waiting' ? { waiting: 1 } : {}), 303);
}

/** An accepted offer opens its buyer's checkout before the buyer could agree to immediate use. */
function lacksConsent(lots: readonly { useConsentAt: Date | null }[]): boolean {
  return lots.some((lot) => lot.useConsentAt === null);
}

export default function Checkout() {
  const { checkout, lots, canceled, asked, unreachable, leading } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const unticked = result && 'unticked' in result ? [result.unticked] : [];
  const asks = lacksConsent(lots);
  const [lot] = lots;
  if (checkout.state === 'expired' || checkout.state === 'canceled') {
    return (
      <EmptyState
        as="h1"
        title={checkout.state === 'expired' ? 'This checkout was not paid in time' : 'This checkout was canceled'}
        action={<LinkButton to={lot ? paths.listing(lot.listingId) : paths.listings()}>Back to the lot</LinkButton>}
      >
        Nothing was charged. The credit is back on the market.
      </EmptyState>
    );
  }
  if (asked && lot) return <ConfirmCancel checkout={checkout} lot={lot} />;
  return (
    <>
      <PageHead
        above={
          <Breadcrumb steps={[{ label: 'Lots', to: paths.listings() }, { label: <span className="mono">{shortId(checkout.id)}</span> }]} />
        }
        title={`${formatCents(checkout.totalCents)} to pay`}
        lead={
          <>
            The credit is reserved for you until <Time at={checkout.expiresAt} />. Nothing was charged yet.
          </>
        }
      >
        {checkout.state === 'starting' && (
          <Note title="The payment page is being opened.">
            This takes a few seconds; the page looks again by itself. Your credit stays reserved meanwhile.
          </Note>
        )}
        {leading && <Note title="The payment page opens.">If it does not, press Pay now.</Note>}
        {unreachable && (
          <Note tone="fail" role="alert" title="Stripe did not answer.">
            Nothing was charged or changed. Try again in a minute.
          </Note>
        )}
        {canceled && !unreachable && (
          <Note title="You came back without paying.">Pay now, or put the credit back on the market for others.</Note>
        )}
      </PageHead>
      <Section title="Your order" margin="In US dollars. Prices exclude tax.">
        <SumTable
          caption="What you are buying"
          lines={[
            ...lots.map((each) => ({
              label: `${formatNano(each.creditNano)} of Replicate credit at ${formatPricePerUsd(each.discountBps)} per $1, sold by ${each.sellerName}`,
              value: formatCents(each.priceCents),
            })),
            { label: 'You pay', value: formatCents(checkout.totalCents), kind: 'total' as const },
          ]}
        />
        <div className="actions space-above-5">
          {asks ? (
            <Form method="post" className="form" noValidate>
              <Checkbox label={useNowConsent.text} name="useNow" errors={unticked} required />
              <Button variant="primary" name="intent" value="pay">
                Pay {formatCents(checkout.totalCents)}
              </Button>
            </Form>
          ) : checkout.stripeUrl ? (
            <a className={buttonClasses({ variant: 'primary' })} href={checkout.stripeUrl} rel="noreferrer">
              Pay now
            </a>
          ) : (
            <Form method="post">
              <Button variant="primary" name="intent" value="pay">
                Pay now
              </Button>
            </Form>
          )}
          {checkout.offerId === null ? (
            <Form method="post">
              <Button name="intent" value="cancel">
                Cancel and put it back
              </Button>
            </Form>
          ) : (
            <LinkButton to={paths.checkout(checkout.id, { ask: 'cancel' })}>Cancel and end the offer…</LinkButton>
          )}
        </div>
        <p className="fine-print space-above-5">
          Your money is held until burned. If the lot fails before settlement day, the unburned part goes back to your card.
        </p>
      </Section>
    </>
  );
}

function ConfirmCancel({ checkout, lot }: { checkout: { id: string; totalCents: bigint }; lot: BoughtLot }) {
  return (
    <ConfirmPage
      title={`Give up the offer of ${formatCents(checkout.totalCents)} for ${formatNano(lot.creditNano)}?`}
      keepLabel="Keep it"
      keepTo={paths.checkout(checkout.id)}
      confirmLabel="Cancel and end the offer"
      name="intent"
      value="cancel"
      hidden={{ confirmed: 'yes' }}
      action={paths.checkout(checkout.id)}
    >
      <p>
        The seller accepted it for you at {formatPricePerUsd(lot.discountBps)} per $1. Canceling ends the offer: the credit goes back on the
        market at the lot’s own price, and the seller is told. This cannot be undone. Nothing was charged.
      </p>
    </ConfirmPage>
  );
}
