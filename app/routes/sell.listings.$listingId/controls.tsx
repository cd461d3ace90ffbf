import { Form } from '@remix-run/react';
import { Button, ErrorSummary, Field, LinkButton, Note, PercentField, Section } from '~/components/ui';
import { listingTransitions } from '~/modules/listings/listing-machine';
import { paths } from '~/paths';
import { formatNano, formatPercent } from '~/platform/money';
import { canTake } from '~/platform/transitions';
import type { SellerListingPage } from '~/queries/selling/sell-listing.server';
import { failedForm, type Failed } from './failed-form';

interface ControlsProps {
  page: SellerListingPage & { rules: { minDiscountBps: number; maxDiscountBps: number } };
  failed: Failed | null;
}

/** What the seller can do now. The state machine that the commands use decides which parts are shown. */
export function ListingControls({ page, failed }: ControlsProps) {
  const { listing } = page;
  const may = (step: keyof typeof listingTransitions) => canTake(listingTransitions, step, listing.state, 'seller');
  const priced = listing.state === 'active' || listing.state === 'paused';
  return (
    <>
      {priced && <PriceForm page={page} failed={failed} />}
      {(may('pause') || may('resume')) && <PauseForm page={page} failed={failed} />}
      {listing.hasToken && <TokenForm page={page} failed={failed} />}
      {may('withdraw') && listing.availableNano > 0n && (
        <Section title="Withdraw" margin="Only what is not sold.">
          <ErrorSummary errors={failedForm(failed, 'withdraw').errors} title="Nothing was withdrawn" />
          <p>
            {formatNano(listing.availableNano)} is unsold. Withdrawing ends the listing; what is sold keeps burning, and what is reserved
            can still be paid for.
          </p>
          <p className="actions space-above-5">
            <LinkButton to={paths.sellListing(listing.id, { ask: 'withdraw' })} variant="danger">
              Withdraw {formatNano(listing.availableNano)}
            </LinkButton>
          </p>
        </Section>
      )}
    </>
  );
}

function PriceForm({ page, failed }: ControlsProps) {
  const { errors, field } = failedForm(failed, 'price');
  const { rules, listing } = page;
  const hint = `${formatPercent(rules.minDiscountBps)} to ${formatPercent(rules.maxDiscountBps)}. Credit already reserved or sold keeps its price.`;
  return (
    <Section title="Price" margin="From now on, for what is not sold yet.">
      <Form method="post" className="form" noValidate>
        <ErrorSummary errors={errors} title="The price was not changed" />
        <PercentField label="New discount (%)" {...field('discount', String(listing.discountBps / 100))} hint={hint} required />
        <Button name="intent" value="price">
          Change the price
        </Button>
      </Form>
    </Section>
  );
}

function PauseForm({ page, failed }: ControlsProps) {
  const { listing } = page;
  const paused = listing.state === 'paused';
  const intent = paused ? 'resume' : 'pause';
  const checking = listing.mendUntilAt !== null || listing.pausedBy === 'system';
  return (
    <Section title={paused ? 'Resume' : 'Pause'}>
      <ErrorSummary errors={failedForm(failed, intent).errors} title="Nothing was changed" />
      {paused && checking ? (
        <Note>
          Only a passed check lifts this pause: {listing.creditDoubtedAt ? 'check the credit again above.' : 'replace the token below.'}
        </Note>
      ) : (
        <Form method="post" className="form">
          <p>
            {paused
              ? `${formatNano(listing.availableNano)} goes back on sale at once.`
              : 'Nothing is sold until you resume. Credit already bought from this lot keeps working.'}
          </p>
          <Button name="intent" value={intent}>
            {paused ? 'Resume selling' : 'Pause selling'}
          </Button>
        </Form>
      )}
    </Section>
  );
}

function TokenForm({ page, failed }: ControlsProps) {
  const { errors, field } = failedForm(failed, 'token');
  const account = page.account ? `“${page.account.username}”` : 'the same account';
  return (
    <Section title="Token" margin="Sealed: it is never shown again, not even to you.">
      <Form method="post" className="form" noValidate>
        <ErrorSummary errors={errors} title="The token was not replaced" />
        <Field
          label="Replicate API token"
          {...field('token')}
          type="password"
          secret
          mono
          hint={`Another token of the Replicate account ${account}. It is checked, then takes the place of the old one for every grant on this lot.`}
          required
        />
        <Button name="intent" value="token">
          Replace the token
        </Button>
      </Form>
    </Section>
  );
}
