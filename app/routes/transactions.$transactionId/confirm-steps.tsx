import { ConfirmPage } from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, formatNano } from '~/platform/money';
import type { TransactionPage } from './route';

export const doneWords = {
  refund: 'The refund is decided. This page shows where it stands.',
  withdraw: 'You withdrew from the contract. The acknowledgement is on its way to your mailbox.',
};

/** A paused purchase whose refund has not been decided yet: its buyer may take the refund. */
export function mayTakeRefund({ state, closingReason }: { state: string; closingReason: string | null }): boolean {
  return state === 'frozen' && closingReason === null;
}

interface StepProps {
  page: TransactionPage;
  refusal: string | null;
}

/** The step before the refund of a paused purchase: it closes the purchase for good. */
export function ConfirmRefund({ page, refusal }: StepProps) {
  const { transaction, grant, unburnedCents } = page;
  const amount = formatCents(unburnedCents);
  const open = grant !== null && grant.authorizedNano > 0n;
  return (
    <ConfirmPage
      title={`Refund ${amount} to your card?`}
      keepLabel="Wait for the seller"
      keepTo={paths.transaction(transaction.id)}
      confirmLabel={`Refund ${amount} now`}
      name="intent"
      value="refund"
      action={paths.transaction(transaction.id)}
      refusal={refusal}
    >
      <p>
        {grant && `${formatNano(grant.availableNano)} of credit leaves your wallet. `}This ends the purchase and cannot be undone, even if
        the seller mends the lot.
      </p>
      {open && <p>Runs that are still open are waited for; what they burn is taken off the refund.</p>}
      <p>Banks take 5 to 10 days to show it.</p>
    </ConfirmPage>
  );
}

/** The confirming step that the law requires: the buyer, the purchase, and a button. */
export function ConfirmWithdrawal({ page, refusal }: StepProps) {
  const { transaction, grant, unburnedCents } = page;
  return (
    <ConfirmPage
      title={`Withdraw from the contract for ${formatNano(transaction.creditNano)} of credit?`}
      keepLabel="Keep the purchase"
      keepTo={paths.transaction(transaction.id)}
      confirmLabel={`Confirm withdrawal: ${formatCents(unburnedCents)} back`}
      name="intent"
      value="withdraw"
      action={paths.transaction(transaction.id)}
      refusal={refusal}
    >
      <p>
        You declare that you withdraw from purchase <span className="mono">{transaction.id}</span>, bought for{' '}
        {formatCents(transaction.priceCents)}. We mail an acknowledgement with date and time to the address of your account.
      </p>
      <p>
        {formatCents(unburnedCents)} for what you have not burned goes back to your card, and the credit leaves your wallet. This cannot be
        undone.
      </p>
      {grant !== null && grant.authorizedNano > 0n && (
        <p>Runs that are still open are waited for; what they burn is taken off the refund.</p>
      )}
    </ConfirmPage>
  );
}
