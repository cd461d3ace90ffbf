import { Form } from '@remix-run/react';
import { Button, Checkbox, ErrorSummary, MoneyField, Note, Section } from '~/components/ui';
import { raiseCap, type NewSellerRoom } from '~/modules/listings/new-seller-cap';
import { formatNano } from '~/platform/money';
import type { SellerListingPage } from '~/queries/selling/sell-listing.server';
import { failedForm, type Failed } from './failed-form';

interface RaisePartProps {
  page: SellerListingPage & { room: NewSellerRoom | null };
  failed: Failed | null;
}

/** More credit of the same account: the form, or the raise that waits for review. Nothing while the lot does not sell. */
export function RaisePart({ page, failed }: RaisePartProps) {
  const { listing } = page;
  if (listing.raiseToNano !== null) return <WaitingRaise toNano={listing.raiseToNano} failed={failed} />;
  const selling = (listing.state === 'active' || listing.state === 'paused') && listing.mendUntilAt === null;
  return selling ? <RaiseForm page={page} failed={failed} /> : null;
}

function WaitingRaise({ toNano, failed }: { toNano: bigint; failed: Failed | null }) {
  return (
    <Section title="Raise in review">
      <ErrorSummary errors={failedForm(failed, 'take_back_raise').errors} title="Nothing was changed" />
      <Note title={`You asked to raise the face value to ${formatNano(toNano)}.`}>
        A person reviews it, and we mail you the decision. Your lot stays on sale meanwhile.
      </Note>
      <Form method="post" className="form space-above-5">
        <Button name="intent" value="take_back_raise">
          Take the raise back
        </Button>
      </Form>
    </Section>
  );
}

function RaiseForm({ page, failed }: RaisePartProps) {
  const { errors, field } = failedForm(failed, 'raise');
  const { listing, room } = page;
  const hint = `Now ${formatNano(listing.faceNano)}. ${room ? `${raiseCap(room, listing.faceNano)} ` : ''}Reviewed first; what is on sale stays on sale.`;
  return (
    <Section title="Add credit" margin="More of the same Replicate account, at the same discount and expiry.">
      <Form method="post" className="form" noValidate>
        <ErrorSummary errors={errors} title="The raise was not submitted" />
        <MoneyField label="New face value (USD)" {...field('raiseTo')} hint={hint} required />
        <Checkbox
          label="The added credit is mine too, expires no earlier, and all that I declared for this listing holds for it."
          {...field('ownsCredit')}
          required
        />
        <Button name="intent" value="raise">
          Submit the raise
        </Button>
      </Form>
    </Section>
  );
}
