import type { SubmissionResult } from '@conform-to/react';
import { Form, useNavigation } from '@remix-run/react';
import { Button, ErrorSummary, Note, SelectField, TextareaField } from '~/components/ui';
import { listingTransitions } from '~/modules/listings/listing-machine';
import { reviewReasons } from '~/modules/listings/review-forms';
import { formatNano } from '~/platform/money';
import { canTake } from '~/platform/transitions';
import type { adminListingPage } from '~/queries/admin-listing.server';

export type AdminListingPage = Awaited<ReturnType<typeof adminListingPage>>;

interface DecisionProps {
  page: AdminListingPage;
  lastResult: SubmissionResult<string[]> | null;
}

/** The one panel of the page: what an admin can do with the listing now. */
export function Decision({ page, lastResult }: DecisionProps) {
  const { listing, own } = page;
  const may = (step: keyof typeof listingTransitions) => canTake(listingTransitions, step, listing.state, 'admin');
  return (
    <aside className="split-side split-sticky mt-10" aria-label="Decision">
      <div className="panel">
        <h2>{own ? 'Not yours to decide' : 'Decide'}</h2>
        <ErrorSummary errors={lastResult?.error?.[''] ?? []} title="Your decision was not applied" />
        {own && <Note>This is your own listing: another admin has to decide.</Note>}
        {!own && may('approve') && <ReviewForm page={page} lastResult={lastResult} />}
        {!own && may('suspend') && <SuspendForm lastResult={lastResult} />}
        {!own && may('reinstate') && <ReinstateForm pausedBefore={listing.pausedBy !== null} availableNano={listing.availableNano} />}
        {!own && !may('approve') && !may('suspend') && !may('reinstate') && <p className="muted">{closedSentence(listing.state)}</p>}
      </div>
    </aside>
  );
}

function closedSentence(state: string): string {
  if (state === 'needs_info')
    return 'The seller has a question to answer. It comes back to the queue with the answer, or is withdrawn after 14 days.';
  if (state === 'rejected') return 'It was rejected. The seller may change it and submit again.';
  return 'This listing has ended: there is nothing left to decide.';
}

function fieldOf(lastResult: DecisionProps['lastResult'], name: string) {
  const typed = lastResult?.initialValue?.[name];
  return { name, errors: lastResult?.error?.[name] ?? [], defaultValue: typeof typed === 'string' ? typed : '' };
}

function ReviewForm({ page, lastResult }: DecisionProps) {
  const busy = useNavigation().formMethod === 'POST';
  const reasons = [{ value: '', label: 'None' }, ...Object.entries(reviewReasons).map(([value, label]) => ({ value, label }))];
  return (
    <Form method="post" className="form" noValidate>
      <SelectField label="Reason" {...fieldOf(lastResult, 'reasonCode')} options={reasons} hint="Needed to reject." />
      <TextareaField
        label="Note to the seller"
        {...fieldOf(lastResult, 'note')}
        rows={5}
        maxLength={2_000}
        hint="Mailed with Ask for more and with Reject. Approve sends a fixed text; a note with it stays in the record."
      />
      <div className="stack-tight">
        <Button variant="primary" size="wide" name="intent" value="approve" busy={busy}>
          Approve
        </Button>
        <Button size="wide" name="intent" value="ask">
          Ask for more
        </Button>
        <Button variant="danger" size="wide" name="intent" value="reject">
          Reject
        </Button>
      </div>
      <p className="hint">Approve puts {formatNano(page.listing.availableNano)} on sale at once.</p>
    </Form>
  );
}

function SuspendForm({ lastResult }: { lastResult: DecisionProps['lastResult'] }) {
  return (
    <Form method="post" className="form" noValidate>
      <TextareaField
        label="Why it is suspended"
        {...fieldOf(lastResult, 'note')}
        rows={4}
        maxLength={2_000}
        hint="Mailed to the seller. Selling ends at once; grants that buyers hold run on."
        required
      />
      <Button variant="danger" size="wide" name="intent" value="suspend">
        Suspend
      </Button>
    </Form>
  );
}

function ReinstateForm({ pausedBefore, availableNano }: { pausedBefore: boolean; availableNano: bigint }) {
  return (
    <Form method="post" className="form" noValidate>
      <p>
        {pausedBefore
          ? 'It was paused when it was suspended and is paused again afterwards.'
          : `Reinstate puts ${formatNano(availableNano)} back on sale at once.`}
      </p>
      <Button variant="primary" size="wide" name="intent" value="reinstate">
        Reinstate
      </Button>
    </Form>
  );
}
