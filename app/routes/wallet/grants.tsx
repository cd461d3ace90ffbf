import { LotBar, LotBarKey, LotLink, LotRuler, niceScaleMax, StateBadge } from '~/components';
import { type Column, DataTable, Section, Time } from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, shareBps } from '~/platform/money';
import type { WalletGrant } from '~/queries/buying/wallet.server';

/** Every grant in the order it burns; those that have ended fold away. */
export function Grants({ open, frozen, ended }: Record<'open' | 'frozen' | 'ended', WalletGrant[]>) {
  return (
    <Section title="Grants" margin="In the order they burn: the earliest window first.">
      {open.length === 0 ? <p>No grant is open.</p> : <GrantTable caption="Open grants" grants={open} />}
      {open.length > 0 && <LotBarKey rail="burned" />}
      {frozen.length > 0 && (
        <>
          <h3 className="space-above-5">Frozen</h3>
          <GrantTable caption="Frozen grants" grants={frozen} leftHead="Frozen" />
        </>
      )}
      {ended.length > 0 && (
        <details>
          <summary>{`${ended.length} ended ${ended.length === 1 ? 'grant' : 'grants'}`}</summary>
          <GrantTable caption="Ended grants" grants={ended} />
        </details>
      )}
    </Section>
  );
}

function GrantTable({ caption, grants, leftHead = 'Left' }: { caption: string; grants: WalletGrant[]; leftHead?: string }) {
  const largest = grants.reduce((most, grant) => (grant.creditNano > most ? grant.creditNano : most), 0n);
  return (
    <DataTable
      caption={caption}
      captionHidden
      columns={columnsFor(grants, niceScaleMax(largest), leftHead)}
      rows={grants}
      rowKey={(grant) => grant.id}
    />
  );
}

function columnsFor(grants: WalletGrant[], scaleMaxNano: bigint, leftHead: string): Column<WalletGrant>[] {
  const total = (of: (grant: WalletGrant) => bigint) => grants.reduce((sum, grant) => sum + of(grant), 0n);
  return [
    { key: 'lot', head: 'Lot', rowHead: true, cell: (grant) => <LotName grant={grant} />, total: 'Together' },
    {
      key: 'bar',
      head: 'Bar',
      bar: true,
      headExtra: <LotRuler maxNano={scaleMaxNano} />,
      cell: (grant) => <GrantBar grant={grant} scaleMaxNano={scaleMaxNano} />,
    },
    {
      key: 'left',
      head: leftHead,
      numeric: true,
      cell: (grant) => <b>{formatCents(grant.shown.leftCents)}</b>,
      total: formatCents(total((grant) => grant.shown.leftCents)),
    },
    {
      key: 'burned',
      head: 'Burned',
      numeric: true,
      cell: (grant) => formatCents(grant.shown.burnedCents),
      total: formatCents(total((grant) => grant.shown.burnedCents)),
    },
    {
      key: 'paid',
      head: 'Paid',
      numeric: true,
      cell: (grant) => formatCents(grant.priceCents),
      total: formatCents(total((grant) => grant.priceCents)),
    },
    {
      key: 'until',
      head: 'Burn by',
      numeric: true,
      cell: (grant) => (
        <>
          <Time at={grant.endsAt} show="day" />
          <span className={grant.daysLeft <= 21 ? 'sub tone-near' : 'sub'}>
            {grant.daysLeft === 1 ? '1 day' : `${grant.daysLeft} days`}
          </span>
        </>
      ),
    },
  ];
}

function LotName({ grant }: { grant: WalletGrant }) {
  return (
    <>
      <LotLink to={paths.transaction(grant.transactionId)} lot={grant.lot} />{' '}
      {grant.state !== 'open' && <StateBadge kind="grant" state={grant.state} />}
      <span className="sub">
        bought <Time at={grant.createdAt} show="day" />
      </span>
    </>
  );
}

function GrantBar({ grant, scaleMaxNano }: { grant: WalletGrant; scaleMaxNano: bigint }) {
  const burnedShareBps = shareBps(grant.capturedNano, grant.creditNano);
  return (
    <LotBar
      size="row"
      faceNano={grant.creditNano}
      discountBps={grant.discountBps}
      burnedShareBps={burnedShareBps}
      daysLeft={grant.daysLeft}
      scaleMaxNano={scaleMaxNano}
    />
  );
}
