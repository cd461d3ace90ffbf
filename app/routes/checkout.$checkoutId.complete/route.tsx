import { data, redirect, type ActionFunctionArgs, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { LinkButton, Note, PageHead, Section, Time } from '~/components/ui';
import { errorPage, orPage, parseForm } from '~/pages/forms.server';
import { ensureAccessKey, mintAccessKey, revealAccessKey, saveAccessKey } from '~/modules/metering/index.server';
import { findOwnCheckout, type Checkout } from '~/modules/payments/index.server';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { idSchema, isId, shortId } from '~/platform/ids';
import { formatCents, formatNano, nanoToCents } from '~/platform/money';
import { findCheckoutPage } from '~/queries/buying/checkout.server';
import { requireUserCtx, type UserCtx } from '~/pages/request-context.server';
import { confirmCheckout, type Confirmation } from '~/workflows/paying/confirm-payment.server';
import { BoughtLots } from './bought-lots';
import { ClientExamples, isClient } from './client-examples';
import { KeyPanel } from './key-panel';

export const meta: MetaFunction = () => [{ title: 'Payment · Credit Mart' }];
export const headers: HeadersFunction = ({ loaderHeaders }) => {
  const refresh = loaderHeaders.get('Refresh');
  return { 'Cache-Control': 'no-store', ...(refresh && { Refresh: refresh }) };
};

/** Stripe sends the buyer here. The webhook may arrive earlier, later or never. */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const checkout = await orPage(ownCheckout(ctx, args.params.checkoutId));
  const state = await ask(ctx, checkout);
  if (state === 'ended') throw redirect(paths.checkout(checkout.id));
  // Just paid: reload the document, so that the wallet in the header includes it.
  if (state === 'paid' && checkout.state !== 'paid') throw redirect(paths.checkoutComplete(checkout.id));
  const seen = await orPage(findCheckoutPage(ctx, checkout.id));
  const query = new URL(args.request.url).searchParams;
  const client = query.get('client');
  const common = { client: isClient(client) ? client : ('node' as const), baseUrl: ctx.config.publicUrl + paths.gatewayBase() };
  if (state !== 'paid') return data({ ...seen, ...common, paid: false, accessKey: null }, { headers: { Refresh: '4' } });
  const usable = seen.lots.some((lot) => lot.state !== 'refunded');
  return data({ ...seen, ...common, paid: true, accessKey: usable ? await keyToShow(ctx, query.get('key')) : null });
}

async function ownCheckout(ctx: UserCtx, checkoutId: string | undefined): Promise<Checkout> {
  if (!isId('checkout', checkoutId)) throw notFound('checkout');
  return findOwnCheckout(ctx, checkoutId, ctx.userId);
}

/** If Stripe does not answer, the page shows no error to a buyer who has paid, and asks again. */
async function ask(ctx: Ctx, checkout: Checkout): Promise<Confirmation> {
  return confirmCheckout(ctx, checkout).catch((error: unknown) => {
    ctx.log.warn({ err: error, checkoutId: checkout.id }, 'a payment could not be confirmed');
    return 'waiting';
  });
}

async function keyToShow(ctx: Ctx, keyId: string | null) {
  const key = isId('accessKey', keyId) ? await orPage(revealAccessKey(ctx, keyId)) : await ensureAccessKey(ctx);
  return { id: key.id, lastFour: key.lastFour, text: key.text };
}

const KeyForm = z.object({ intent: z.enum(['saved', 'another']), keyId: idSchema('accessKey').optional() });

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const { checkout } = await orPage(findCheckoutPage(ctx, args.params.checkoutId));
  const submission = await parseForm(args.request, KeyForm);
  if (submission.status !== 'success' || checkout.state !== 'paid') throw errorPage(notFound('key'));
  const { intent, keyId } = submission.value;
  if (intent === 'another') {
    const key = await orPage(mintAccessKey(ctx, { name: `from ${shortId(checkout.id)}`, cap: '' }));
    return redirect(paths.checkoutComplete(checkout.id, { key: key.id }), 303);
  }
  if (keyId) await orPage(saveAccessKey(ctx, keyId));
  return redirect(paths.checkoutComplete(checkout.id), 303);
}

export default function Complete() {
  const { checkout, lots, paid, accessKey, client, baseUrl } = useLoaderData<typeof loader>();
  if (!paid) {
    return (
      <PageHead
        title="Your payment is being confirmed"
        lead="This takes a few seconds, and the page looks again by itself. You can close it: the receipt comes by e-mail."
      >
        <div className="actions">
          <LinkButton to={paths.checkoutComplete(checkout.id)} reloadDocument>
            Check again
          </LinkButton>
          <LinkButton variant="quiet" to={paths.checkout(checkout.id)}>
            I have not paid yet
          </LinkButton>
        </div>
      </PageHead>
    );
  }
  const turnedBack = lots.filter((lot) => lot.state === 'refunded');
  const creditNano = lots.filter((lot) => lot.state !== 'refunded').reduce((sum, lot) => sum + lot.creditNano, 0n);
  return (
    <>
      <PageHead
        above={
          <p className="muted space-below-2">
            {checkout.paidAt && <Time at={checkout.paidAt} />} · receipt <span className="mono">{shortId(checkout.id)}</span>
          </p>
        }
        title="Payment received"
        lead={
          accessKey ? (
            <>
              {formatNano(creditNano)} of Replicate credit is in your wallet. You paid {formatCents(checkout.totalCents)} and saved{' '}
              <span className="tone-save">{formatCents(nanoToCents(creditNano, 'down') - checkout.totalCents)}</span>.
            </>
          ) : (
            <>
              You paid {formatCents(checkout.totalCents)}; {formatCents(turnedBack.reduce((sum, lot) => sum + lot.refundedCents, 0n))} of it
              goes back to your card.
            </>
          )
        }
      >
        {turnedBack.map((lot) => (
          <Note
            key={lot.transactionId}
            tone="fail"
            title={`${formatCents(lot.refundedCents)} goes back to your card${checkout.cardLastFour ? ` ending in ${checkout.cardLastFour}` : ''}.`}
          >
            The unburned part of {shortId(lot.listingId)} is refunded. Banks take 5 to 10 days to show it.{' '}
            <LinkButton variant="quiet" size="small" to={paths.transaction(lot.transactionId)}>
              See why
            </LinkButton>
          </Note>
        ))}
      </PageHead>
      {accessKey && (
        <Section title="Connect" margin="The key works now. It draws on every lot in your wallet, earliest expiry first.">
          <KeyPanel accessKey={accessKey} baseUrl={baseUrl} />
          <ClientExamples checkoutId={checkout.id} client={client} accessKey={accessKey.text} baseUrl={baseUrl} />
          <div className="actions space-above-5">
            <LinkButton variant="primary" to={paths.wallet()}>
              Open wallet
            </LinkButton>
            <LinkButton variant="quiet" to={paths.gatewayDocs()}>
              Gateway docs
            </LinkButton>
          </div>
        </Section>
      )}
      <Section title="What you bought">
        <BoughtLots lots={lots} />
      </Section>
      {accessKey && <KeepInMind />}
    </>
  );
}

function KeepInMind() {
  return (
    <Section title="Keep in mind">
      <ul className="fine-print">
        <li>The seller can see the inputs and outputs of your runs for about one hour.</li>
        <li>
          Your money is held until burned. The part that is unburned on settlement day goes to the seller; the credit stays usable to the
          end of its window.
        </li>
        <li>If a lot fails before that, its unburned part is refunded to the card that paid.</li>
      </ul>
    </Section>
  );
}
