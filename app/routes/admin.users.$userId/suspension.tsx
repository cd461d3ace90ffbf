import type { SubmissionResult } from '@conform-to/react';
import { Form } from '@remix-run/react';
import { Button, ErrorSummary, LinkButton, Note, TextareaField } from '~/components/ui';
import { paths } from '~/paths';
import type { adminUserPage } from '~/queries/admin/admin-user.server';

interface SuspensionProps {
  person: Awaited<ReturnType<typeof adminUserPage>>['person'];
  own: boolean;
  /** The admin has pressed Suspend and must give a reason. */
  confirming: boolean;
  lastResult: SubmissionResult<string[]> | null;
}

/** Suspends a user, in two steps, or reinstates one. */
export function Suspension({ person, own, confirming, lastResult }: SuspensionProps) {
  if (own) return <Note>This is your own account: another admin has to decide.</Note>;
  if (person.suspendedAt) return <ReasonForm intent="reinstate" lastResult={lastResult} />;
  if (confirming || lastResult) return <ReasonForm intent="suspend" lastResult={lastResult} keepTo={paths.admin.user(person.id)} />;
  return (
    <>
      <p>The person can no longer sign in, and the access keys stop. Lots, purchases and money stay as they are.</p>
      <div className="actions">
        <LinkButton to={paths.admin.user(person.id, { ask: 'suspend' })}>Suspend this person…</LinkButton>
      </div>
    </>
  );
}

const words = {
  suspend: { why: 'Why the person is suspended', hint: 'Mailed to the person, exactly this.', button: 'Suspend' },
  reinstate: { why: 'Why the suspension is lifted', hint: 'For the record.', button: 'Reinstate' },
};

function ReasonForm({
  intent,
  lastResult,
  keepTo,
}: {
  intent: keyof typeof words;
  lastResult: SuspensionProps['lastResult'];
  keepTo?: string;
}) {
  const typed = lastResult?.initialValue?.reason;
  const { why, hint, button } = words[intent];
  return (
    <Form method="post" className="form" noValidate>
      <ErrorSummary errors={lastResult?.error?.[''] ?? []} title="Nothing was changed" />
      <TextareaField
        label={why}
        name="reason"
        errors={lastResult?.error?.reason ?? []}
        defaultValue={typeof typed === 'string' ? typed : ''}
        hint={hint}
        rows={4}
        maxLength={500}
        required
      />
      <div className="actions">
        {keepTo && <LinkButton to={keepTo}>Leave as it is</LinkButton>}
        <Button variant={intent === 'suspend' ? 'danger' : 'primary'} name="intent" value={intent}>
          {button}
        </Button>
      </div>
    </Form>
  );
}
