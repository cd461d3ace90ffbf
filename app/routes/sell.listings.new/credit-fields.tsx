import type { FieldSource } from '~/components/ui';
import { Checkbox, DateField, Field, Link, MoneyField, Note, PercentField, Section } from '~/components/ui';
import type { TermsField } from '~/modules/listings/listing-terms';
import { belowZero, resaleClause, resaleRisk } from '~/modules/policy/provider-terms';
import type { ListingPreview } from '~/modules/listings/listing-preview';
import { paths } from '~/paths';
import { newListingCap, type NewSellerRoom } from '~/modules/listings/new-seller-cap';
import { formatCents, formatPercent } from '~/platform/money';

export type NewListingForm = Record<TermsField | 'token' | 'ownsCredit', string>;

/** The name of each field in the error summary, in the order of the page. */
const labels: Record<keyof NewListingForm, string> = {
  faceValue: 'Face value (USD)',
  expiresOn: 'Credit expires on',
  discount: 'Discount (%)',
  minimum: 'Minimum purchase (USD)',
  token: 'Replicate API token',
  ownsCredit: 'I own this credit',
};
export const fieldLabels = Object.entries(labels) as [keyof NewListingForm, string][];

interface Rules {
  minDiscountBps: number;
  maxDiscountBps: number;
  tailGuardCents: number;
  minPurchaseCents: number;
  minDaysLeft: number;
}

interface CreditFieldsProps {
  fields: Record<keyof NewListingForm, FieldSource>;
  rules: Rules;
  /** Null if the seller is no longer new. */
  room: NewSellerRoom | null;
  firstDay: string;
  lastDay: string;
  discounts: readonly number[];
  /** What stands in the form would bring; null while that cannot be told. */
  preview: ListingPreview | null;
}

/** The fields of a new listing: the credit, the price, the token. */
export function CreditFields({ fields, rules, room, firstDay, lastDay, discounts, preview }: CreditFieldsProps) {
  return (
    <>
      <Section title="The credit" spacing="first">
        <div className="form">
          <div className="form-pair">
            <MoneyField
              label="Face value (USD)"
              field={fields.faceValue}
              hint={`Your balance at Replicate today. The last ${formatCents(BigInt(rules.tailGuardCents))} stay with you.${room ? ` ${newListingCap(room)}` : ''}`}
              required
            />
            <DateField
              label="Credit expires on"
              field={fields.expiresOn}
              min={firstDay}
              max={lastDay}
              hint={`00:00 UTC of that day. Selling ends ${rules.minDaysLeft} days before.`}
              required
            />
          </div>
        </div>
      </Section>
      <Section title="The price" spacing="tight">
        <div className="form">
          <div className="form-pair">
            <PercentField label="Discount (%)" field={fields.discount} hint={discountHint(rules, discounts)} required />
            <MoneyField
              label="Minimum purchase (USD)"
              field={fields.minimum}
              hint={`In credit. Whatever you enter, no purchase costs less than ${formatCents(BigInt(rules.minPurchaseCents))}.`}
              required
            />
          </div>
        </div>
      </Section>
      <NarrowEarnings preview={preview} />
      <Section title="The token" margin="Checked against Replicate when you submit, then sealed." spacing="tight">
        <div className="form">
          <Field
            label="Replicate API token"
            field={fields.token}
            type="password"
            secret
            mono
            hint="Make one for this listing alone, so that you can revoke it. It is never shown again, not even to you."
            required
          />
          <Note tone="near" title="Your Replicate account is at risk without written consent.">
            {resaleClause} {resaleRisk} {belowZero} <Link to={paths.terms()}>Terms of selling</Link>
          </Note>
          <Checkbox
            label="I own this credit, and I have Replicate’s consent in writing to let others use it. I know that Replicate may charge my card when a run ends below zero. Auto-reload is off for this account. I accept the terms of selling: spending the credit elsewhere fails the listing."
            field={fields.ownsCredit}
            required
          />
        </div>
      </Section>
    </>
  );
}

/** On narrow screens the panel with the figures follows the form, so what the price brings is said here, too. */
function NarrowEarnings({ preview }: { preview: ListingPreview | null }) {
  if (preview === null || preview.sellableNano === 0n) return null;
  return (
    <p className="narrow-only lead">
      You earn up to <b>{formatCents(preview.earningsCents)}</b>: buyers pay {formatCents(preview.priceCents)}, our fee is{' '}
      {formatCents(preview.feeCents)}.
    </p>
  );
}

function discountHint(rules: Rules, discounts: readonly number[]): string {
  const range = `${formatPercent(rules.minDiscountBps)} to ${formatPercent(rules.maxDiscountBps)}.`;
  const [deepest] = discounts;
  const median = discounts[Math.floor(discounts.length / 2)];
  if (deepest === undefined || median === undefined) return range;
  return `${range} Cheapest lot now: ${formatPercent(deepest)}. Median: ${formatPercent(median)}.`;
}
