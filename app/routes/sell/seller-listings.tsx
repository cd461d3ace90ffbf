import { LotBar, LotBarKey, LotLink, LotRuler, niceScaleMax, StateBadge } from '~/components';
import { type Column, DataTable } from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, formatNano, partsInCents, shareBps } from '~/platform/money';
import type { sellerPage } from '~/queries/selling/sell.server';

type Page = Awaited<ReturnType<typeof sellerPage>>;
type Row = Page['listings'][number];

/** The seller's lots on one scale, with credit sold and burned, earnings and money held. `totals` only if all lots are listed. */
export function SellerListings({ listings, totals }: { listings: readonly Row[]; totals: Page['totals'] | null }) {
  const scaleMaxNano = niceScaleMax(listings.reduce((max, row) => (row.faceNano > max ? row.faceNano : max), 1n));
  return (
    <>
      <DataTable
        caption="Your listings"
        captionHidden
        rows={listings}
        rowKey={(row) => row.id}
        columns={listColumns(listings, scaleMaxNano, totals)}
      />
      <div className="after-table">
        <LotBarKey rail="burned" reader="seller" />
      </div>
    </>
  );
}

function listColumns(listings: readonly Row[], scaleMaxNano: bigint, totals: Page['totals'] | null): Column<Row>[] {
  const sold = partsByRow(listings, (row) => row.soldNano);
  const burned = partsByRow(listings, (row) => row.burnedNano);
  const total = (text: string | undefined) => (text === undefined ? {} : { total: text });
  return [
    {
      key: 'lot',
      head: 'Lot',
      rowHead: true,
      cell: (row) => <LotLink to={paths.sellListing(row.id)} lot={row} />,
      ...total(totals ? 'Together' : undefined),
    },
    { key: 'state', head: 'State', cell: (row) => <State row={row} /> },
    {
      key: 'bar',
      head: 'Bar',
      headHidden: true,
      headExtra: <LotRuler maxNano={scaleMaxNano} />,
      bar: true,
      cell: (row) => (
        <LotBar
          reader="seller"
          faceNano={row.listedNano}
          discountBps={row.discountBps}
          scaleMaxNano={scaleMaxNano}
          burnedShareBps={shareBps(row.burnedNano, row.listedNano)}
          daysLeft={row.daysLeft}
        />
      ),
    },
    {
      key: 'sold',
      head: 'Sold',
      numeric: true,
      cell: (row) => formatCents(sold.get(row) ?? 0n),
      ...total(totals ? formatNano(totals.soldNano) : undefined),
    },
    {
      key: 'burned',
      head: 'Burned',
      numeric: true,
      cell: (row) => formatCents(burned.get(row) ?? 0n),
      ...total(totals ? formatNano(totals.burnedNano) : undefined),
    },
    {
      key: 'paid',
      head: 'Buyers paid',
      numeric: true,
      cell: (row) => formatCents(row.takings.paidCents),
      ...total(totals ? formatCents(totals.paidCents) : undefined),
    },
    {
      key: 'earned',
      head: 'You earned',
      numeric: true,
      cell: (row) => formatCents(row.takings.earnedCents),
      ...total(totals ? formatCents(totals.earnedCents) : undefined),
    },
    {
      key: 'held',
      head: 'Held',
      numeric: true,
      cell: (row) => formatCents(row.takings.heldCents),
      ...total(totals ? formatCents(totals.heldCents) : undefined),
    },
  ];
}

/** A column of cents with its total. */
function partsByRow(rows: readonly Row[], nanoOf: (row: Row) => bigint): Map<Row, bigint> {
  const cents = partsInCents(rows.map(nanoOf));
  return new Map(rows.map((row, index) => [row, cents[index] ?? 0n]));
}

function State({ row }: { row: Row }) {
  return (
    <>
      <StateBadge kind="listing" state={row.state} />
      {row.underCheck && <span className="sub tone-fail">check failed: act now</span>}
    </>
  );
}
