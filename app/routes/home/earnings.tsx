import { LotBar } from '~/components';
import { DataTable, LinkButton } from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, formatPercent, usdNano } from '~/platform/money';

export interface EarningsRow {
  discountBps: number;
  priceCents: bigint;
  feeCents: bigint;
  earnedCents: bigint;
}

/** What a seller earns at three discounts. */
export function Earnings({ rows }: { rows: readonly EarningsRow[] }) {
  return (
    <>
      <DataTable
        caption="Earnings for $1,000.00 of credit"
        captionHidden
        phone="scroll"
        rows={rows}
        rowKey={(row) => String(row.discountBps)}
        columns={[
          { key: 'discount', head: 'Discount', rowHead: true, cell: (row) => `${formatPercent(row.discountBps).replace('.0%', '%')} off` },
          {
            key: 'bar',
            head: 'Lot',
            bar: true,
            cell: (row) => <LotBar reader="seller" faceNano={usdNano(1_000)} discountBps={row.discountBps} />,
          },
          { key: 'price', head: 'Buyers pay', numeric: true, cell: (row) => formatCents(row.priceCents) },
          { key: 'fee', head: 'Fee', numeric: true, cell: (row) => formatCents(-row.feeCents) },
          { key: 'earned', head: 'You earn', numeric: true, cell: (row) => <b>{formatCents(row.earnedCents)}</b> },
        ]}
      />
      <div className="actions space-above-5">
        <LinkButton to={paths.sellNew()}>List your credit</LinkButton>
        <span className="muted">
          <small>The token is checked with Replicate, sealed, and never shown again, to anyone.</small>
        </span>
      </div>
    </>
  );
}
