import { Form } from '@remix-run/react';
import { Button, Note, SelectField, TextareaField } from '~/components/ui';
import { formatNano } from '~/platform/money';
import { findField, reasonOptions, type AdminListingPage, type DecisionProps } from './decision';

interface RaiseDecisionProps {
  page: AdminListingPage;
  toNano: bigint;
  lastResult: DecisionProps['lastResult'];
}

/** Decides a raise of the face value. The form posts the amount shown, so that a later change is not approved unseen. */
export function RaiseDecision({ page, toNano, lastResult }: RaiseDecisionProps) {
  const { faceNano } = page.listing;
  return (
    <Form method="post" className="form" noValidate>
      <Note tone="near" title={`Raise to ${formatNano(toNano)}`}>
        From {formatNano(faceNano)}: {formatNano(toNano - faceNano)} more at the same discount and expiry. Replicate accepted the token when
        the seller asked.
      </Note>
      <input type="hidden" name="raiseTo" value={String(toNano)} />
      <SelectField
        label="Reason"
        {...findField(lastResult, 'reasonCode')}
        options={[{ value: '', label: 'None' }, ...reasonOptions]}
        hint="Needed to reject."
      />
      <TextareaField
        label="Note to the seller"
        {...findField(lastResult, 'note')}
        rows={4}
        maxLength={2_000}
        hint="Mailed with Reject. A note with Approve stays in the record."
      />
      <div className="stack-tight">
        <Button variant="primary" size="wide" name="intent" value="approve_raise">
          Approve the raise
        </Button>
        <Button variant="danger" size="wide" name="intent" value="reject_raise">
          Reject the raise
        </Button>
      </div>
    </Form>
  );
}
