import { Link, LinkButton, Note, Time } from '~/components/ui';
import { paths } from '~/paths';
import { lotName } from '~/platform/lot-name';
import { formatCents } from '~/platform/money';
import type { WalletGrant } from '~/queries/buying/wallet.server';

/** Credit that cannot be burned now: why, until when, and the way to the refund. */
export function FrozenNotes({ grants }: { grants: readonly WalletGrant[] }) {
  return grants.map((grant) => <FrozenNote key={grant.id} grant={grant} />);
}

function FrozenNote({ grant }: { grant: WalletGrant }) {
  const lot = <Link to={paths.transaction(grant.transactionId)}>{lotName(grant.lot)}</Link>;
  if (grant.closingReason !== null) {
    return (
      <Note title={`${formatCents(grant.shown.leftCents)} of your credit is being refunded.`}>
        {grant.closingReason} The refund of the lot {lot} is made when the runs that are still open have ended.
      </Note>
    );
  }
  return (
    <Note tone="fail" title={`${formatCents(grant.shown.leftCents)} of your credit is frozen and cannot be burned now.`}>
      {grant.pauseReason} The seller of the lot ({lot}) has until{' '}
      {grant.mendUntilAt ? <Time at={grant.mendUntilAt} /> : 'the end of the check'} to mend it. Otherwise the unburned part is refunded to
      your card; you need not do anything.
      {grant.unburnedCents > 0n && (
        <div className="actions space-above-3">
          <LinkButton size="small" to={paths.transaction(grant.transactionId, { ask: 'refund' })}>
            Refund {formatCents(grant.unburnedCents)} now…
          </LinkButton>
        </div>
      )}
    </Note>
  );
}
