import { useForm } from '@conform-to/react';
import { Form } from '@remix-run/react';
import { Button, ErrorSummary, Field, LinkButton, MoneyField, Note, PercentField, TextareaField } from '~/components/ui';
import { paths } from '~/paths';
import { formatDateTime } from '~/platform/dates';
import { formatCents, formatNano, formatPercent, priceCents } from '~/platform/money';
import type { ListingPage, ListingResult } from './route';

interface OfferFields {
  offerAmount: string;
  offerDiscount: string;
  offerHours: string;
  offerMessage: string;
}

/** Bid on this lot below its price; an open bid is shown instead of the form. */
export function OfferPanel({ page, result }: { page: ListingPage; result: ListingResult }) {
  const own = page.ownOffers[0];
  if (own) return <OwnOffer offer={own} />;
  if (page.listing.discountBps >= page.rules.maxDiscountBps) return null;
  return <OfferForm page={page} result={result} />;
}

function OfferForm({ page, result }: { page: ListingPage; result: ListingResult }) {
  const { rules, listing } = page;
  const lastResult = result?.initialValue?.intent === 'offer' ? result : undefined;
  const [form, fields] = useForm<OfferFields>({
    id: 'offer',
    lastResult,
    defaultValue: { offerHours: String(rules.offerLifetimeHours), ...page.kept },
  });
  const summary = [
    { label: 'Credit (USD)', field: fields.offerAmount },
    { label: 'Discount you offer (%)', field: fields.offerDiscount },
    { label: 'Open for (hours)', field: fields.offerHours },
    { label: 'Message', field: fields.offerMessage },
  ];
  return (
    <Form method="post" className="form space-above-6" id={form.id} aria-labelledby="offer-title">
      <h2 id="offer-title">Make an offer</h2>
      <p className="hint">
        If the seller accepts, the credit is reserved and you have {rules.offerPayHours} hours to pay. Nothing is charged before.
      </p>
      <ErrorSummary errors={form.errors} fields={summary} />
      <div className="form-pair">
        <MoneyField label="Credit (USD)" field={fields.offerAmount} autoComplete="off" />
        <PercentField
          label="Discount you offer (%)"
          field={fields.offerDiscount}
          hint={`Over ${formatPercent(listing.discountBps)}, up to ${formatPercent(rules.maxDiscountBps)}.`}
          autoComplete="off"
        />
      </div>
      <Field label="Open for (hours)" field={fields.offerHours} inputMode="numeric" hint={`1 to ${rules.offerLifetimeHours}.`} />
      <TextareaField label="Message" field={fields.offerMessage} rows={2} hint="Optional. The seller reads it." maxLength={500} />
      <Button name="intent" value="offer">
        Make offer
      </Button>
    </Form>
  );
}

function OwnOffer({ offer }: { offer: ListingPage['ownOffers'][number] }) {
  return (
    <div className="form space-above-6">
      <Note title={offer.state === 'accepted' ? 'Your offer was accepted' : 'Your offer is open'}>
        {formatNano(offer.creditNano)} of credit at {formatPercent(offer.discountBps)} off:{' '}
        {formatCents(priceCents(offer.creditNano, offer.discountBps))}.
        {offer.state === 'open' && ` Open until ${formatDateTime(offer.expiresAt)}.`}
      </Note>
      {offer.state === 'accepted' && offer.checkoutId ? (
        <LinkButton to={paths.checkout(offer.checkoutId)}>Pay now</LinkButton>
      ) : (
        <LinkButton to={paths.offers({ ask: 'withdraw', offer: offer.id })}>Withdraw the offer</LinkButton>
      )}
    </div>
  );
}
