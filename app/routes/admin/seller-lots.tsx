import { LotLink, StateBadge } from '~/components';
import { DataTable } from '~/components/ui';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { formatNano } from '~/platform/money';
import type { AdminLot } from '~/queries/admin/admin-lots.server';

/** A seller's listings, each with a link to its review. */
export function SellerLots({ lots, caption, none }: { lots: AdminLot[]; caption: string; none: string }) {
  if (lots.length === 0) return <p className="muted">{none}</p>;
  return (
    <DataTable
      caption={caption}
      captionHidden
      rows={lots}
      rowKey={(lot) => lot.id}
      columns={[
        {
          key: 'lot',
          head: 'Lot',
          rowHead: true,
          cell: (lot) => (
            <>
              <LotLink to={paths.admin.listing(lot.id)} lot={lot} /> <span className="sub mono">{shortId(lot.id)}</span>
            </>
          ),
        },
        { key: 'state', head: 'State', cell: (lot) => <StateBadge kind="listing" state={lot.state} /> },
        { key: 'sold', head: 'Sold', numeric: true, cell: (lot) => formatNano(lot.soldNano) },
        { key: 'burned', head: 'Burned', numeric: true, cell: (lot) => formatNano(lot.burnedNano) },
      ]}
    />
  );
}
