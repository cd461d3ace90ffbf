import { LinkButton, Note, Section, Time } from '~/components/ui';
import { WITHDRAWAL_DAYS } from '~/modules/transactions/withdrawal';
import { paths } from '~/paths';
import { formatCents } from '~/platform/money';
import type { TransactionPage } from './route';

/** A link to withdraw from the contract while that is possible; afterwards the date of the withdrawal. */
export function Withdrawal({ page }: { page: TransactionPage }) {
  const { transaction, withdrawUntilAt, unburnedCents } = page;
  if (transaction.withdrawnAt) {
    return (
      <Section title="Withdrawal">
        <Note>
          You withdrew from this contract on <Time at={transaction.withdrawnAt} />. The acknowledgement is in your mail.
        </Note>
      </Section>
    );
  }
  if (withdrawUntilAt === null || unburnedCents === 0n) return null;
  return (
    <Section title="Withdrawal" margin={`${WITHDRAWAL_DAYS} days from the payment, without giving a reason.`}>
      <p>
        You may withdraw from this contract until <Time at={withdrawUntilAt} />. You pay for what you have burned; now{' '}
        {formatCents(unburnedCents)} would go back to your card.
      </p>
      <div className="actions space-above-3">
        <LinkButton to={paths.transaction(transaction.id, { ask: 'withdraw' })}>Withdraw from contract here</LinkButton>
      </div>
    </Section>
  );
}
