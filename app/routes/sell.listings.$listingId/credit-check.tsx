import { Form } from '@remix-run/react';
import { Button, ErrorSummary, Section, Time } from '~/components/ui';
import type { SellerListingPage } from '~/queries/selling/sell-listing.server';
import { failedForm, type Failed } from './failed-form';

/** Shown after Replicate refused a run for lack of credit: how to resolve it, the last small run, and a button for another. */
export function CreditCheck({ page, failed }: { page: SellerListingPage; failed: Failed | null }) {
  const { listing, probe } = page;
  if (!listing.creditDoubtedAt || !listing.mendUntilAt) return null;
  const isUnderWay = probe?.state === 'waiting' || probe?.state === 'running';
  return (
    <Section title="Credit" margin="The small run costs less than a cent. We bear it.">
      <ErrorSummary errors={failedForm(failed, 'probe').errors} title="Nothing was checked" />
      <p>
        A valid token is not enough here: a small run with your token has to succeed. Top your Replicate account up to what this listing
        promised, then check the credit again.
      </p>
      {probe && (
        <p className="space-above-3">
          {isUnderWay ? 'A small run is under way. Reload this page in a minute.' : <LastProbe probe={probe} />}
        </p>
      )}
      {!isUnderWay && (
        <Form method="post" className="form space-above-4">
          <Button name="intent" value="probe">
            Check the credit again
          </Button>
        </Form>
      )}
    </Section>
  );
}

function LastProbe({ probe }: { probe: NonNullable<SellerListingPage['probe']> }) {
  const { state, endedAt } = probe;
  const outcome =
    state === 'refused' ? 'Replicate refused it for lack of credit' : state === 'passed' ? 'it succeeded' : 'it could not be made';
  return (
    <>
      The last small run was made at <Time at={endedAt ?? probe.createdAt} />: {outcome}.
    </>
  );
}
