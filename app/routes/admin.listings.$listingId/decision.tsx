import type { SubmissionResult } from '@conform-to/react';
import { Form, useNavigation } from '@remix-run/react';
import { Button, ErrorSummary, Link, LinkButton, Note, SelectField, TextareaField } from '~/components/ui';
import { listingTransitions } from '~/modules/listings/listing-machine';
import { reviewReasons } from '~/modules/listings/review-reasons';
import { paths } from '~/paths';
import { formatNano, formatPercent } from '~/platform/money';
import { canTake } from '~/platform/transitions';
import { RaiseDecision } from './raise-decision';
import type { adminListingPage } from '~/queries/admin/admin-listing.server';

export type AdminListingPage = Awaited<ReturnType<typeof adminListingPage>>;

export interface DecisionProps {
  page: AdminListingPage;
  lastResult: SubmissionResult<string[]> | null;
  /** The decision was made a moment ago, so the next one is the main thing to do. */
  decided: boolean;
}

/** The one panel of the page: what an admin can do with the listing now. */
export function Decision({ page, lastResult, decided }: DecisionProps) {
  const { listing, own } = page;
  const may = (step: keyof typeof listingTransitions) => canTake(listingTransitions, step, listing.state, 'admin');
  return (
    <aside className="split-side split-sticky space-above-6" aria-label="Decision">
      <div className="panel">
        {decided && <NextDecision next={page.next} />}
        <h2>{own ? 'Not yours to decide' : 'Decide'}</h2>
        <ErrorSummary errors={lastResult?.error?.[''] ?? []} title="Your decision was not applied" />
        {own && <Note>This is your own listing: another admin has to decide.</Note>}
        {!own && may('approve') && <ReviewForm page={page} lastResult={lastResult} />}
        {!own && may('take_back') && <QuestionForm lastResult={lastResult} />}
        {!own && listing.raiseToNano !== null && <RaiseDecision page={page} toNano={listing.raiseToNano} lastResult={lastResult} />}
        {!own && may('suspend') && <SuspendForm lastResult={lastResult} />}
        {!own && may('reinstate') && <ReinstateForm pausedBefore={listing.pausedBy !== null} availableNano={listing.availableNano} />}
        {!own && !may('approve') && !may('take_back') && !may('suspend') && !may('reinstate') && (
          <p className="muted">{closedSentence(listing.state)}</p>
        )}
        {!decided && page.next && (
          <p className="hint">
            <Link to={paths.admin.listing(page.next.id)}>Next in the queue</Link>
          </p>
        )}
      </div>
    </aside>
  );
}

function closedSentence(state: string): string {
  if (state === 'rejected') return 'It was rejected. The seller may change it and submit again.';
  return 'This listing has ended: there is nothing left to decide.';
}

export function findField(lastResult: DecisionProps['lastResult'], name: string) {
  const typed = lastResult?.initialValue?.[name];
  return { name, errors: lastResult?.error?.[name] ?? [], defaultValue: typeof typed === 'string' ? typed : '' };
}

/** After a decision: the next listing that waits. */
function NextDecision({ next }: { next: AdminListingPage['next'] }) {
  if (!next)
    return (
      <Note title="Nothing else waits.">
        <Link to={paths.admin.queue()}>Back to the queue</Link>
      </Note>
    );
  return (
    <div className="stack-tight">
      <LinkButton variant="primary" size="wide" to={paths.admin.listing(next.id)}>
        Review the next
      </LinkButton>
      <p className="hint">
        {formatNano(next.faceNano)} at {formatPercent(next.discountBps)} off, by {next.sellerName}.{' '}
        <Link to={paths.admin.queue()}>Back to the queue</Link>
      </p>
    </div>
  );
}

export const reasonOptions = Object.entries(reviewReasons).map(([value, label]) => ({ value, label }));

/** A question is open: it can be taken back, or the listing rejected without waiting for the answer. */
function QuestionForm({ lastResult }: { lastResult: DecisionProps['lastResult'] }) {
  return (
    <>
      <p>The seller has a question to answer. The listing comes back to the queue with the answer, or is withdrawn if none comes.</p>
      <Form method="post" className="form">
        <Button size="wide" name="intent" value="take_back">
          Take the question back
        </Button>
      </Form>
      <Form method="post" className="form" noValidate>
        <SelectField
          label="Reason"
          {...findField(lastResult, 'reasonCode')}
          options={[{ value: '', label: 'Choose a reason' }, ...reasonOptions]}
        />
        <TextareaField
          label="Note to the seller"
          {...findField(lastResult, 'note')}
          rows={4}
          maxLength={2_000}
          hint="Mailed with the rejection."
        />
        <Button variant="danger" size="wide" name="intent" value="reject">
          Reject
        </Button>
      </Form>
    </>
  );
}

function ReviewForm({ page, lastResult }: Pick<DecisionProps, 'page' | 'lastResult'>) {
  const busy = useNavigation().formMethod === 'POST';
  const reasons = [{ value: '', label: 'None' }, ...reasonOptions];
  return (
    <Form method="post" className="form" noValidate>
      <SelectField label="Reason" {...findField(lastResult, 'reasonCode')} options={reasons} hint="Needed to reject." />
      <TextareaField
        label="Note to the seller"
        {...findField(lastResult, 'note')}
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
        {...findField(lastResult, 'note')}
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
