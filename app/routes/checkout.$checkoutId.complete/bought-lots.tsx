import { LotBar, LotLink } from '~/components';
import { type Column, DataTable, Time } from '~/components/ui';
import { burnWindowEnd } from '~/modules/transactions/purchase-amounts';
import { paths } from '~/paths';
import { formatCents, formatNano, formatPricePerUsd } from '~/platform/money';
import type { BoughtLot } from '~/queries/buying/checkout.server';

const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

/** What a payment bought, lot by lot, with totals. */
export function BoughtLots({ lots }: { lots: BoughtLot[] }) {
  const columns: Column<BoughtLot>[] = [
    {
      key: 'lot',
      head: 'Lot',
      rowHead: true,
      total: 'Together',
      cell: (lot) => <LotLink to={paths.transaction(lot.transactionId)} lot={lot.lot} />,
    },
    {
      key: 'bar',
      head: 'Bar',
      headHidden: true,
      bar: true,
      cell: (lot) => <LotBar faceNano={lot.creditNano} discountBps={lot.discountBps} decorative />,
    },
    {
      key: 'face',
      head: 'Face value',
      numeric: true,
      cell: (lot) => formatNano(lot.creditNano),
      total: formatNano(sum(lots.map((lot) => lot.creditNano))),
    },
    { key: 'price', head: 'Per $1', numeric: true, cell: (lot) => formatPricePerUsd(lot.discountBps) },
    {
      key: 'paid',
      head: 'You paid',
      numeric: true,
      cell: (lot) => formatCents(lot.priceCents),
      total: formatCents(sum(lots.map((lot) => lot.priceCents))),
    },
    { key: 'burn', head: 'Burn by', numeric: true, cell: (lot) => <Time at={burnWindowEnd(lot.creditExpiresAt)} show="day" /> },
    {
      key: 'settle',
      head: 'Settlement day',
      numeric: true,
      cell: (lot) => (lot.settlementAt ? <Time at={lot.settlementAt} show="day" /> : ''),
    },
  ];
  return <DataTable caption="Purchase by lot" captionHidden columns={columns} rows={lots} rowKey={(lot) => lot.transactionId} />;
}
