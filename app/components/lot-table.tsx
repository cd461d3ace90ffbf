import { Link } from './ui/link';
import { formatNano, formatNanoWhole, formatPricePerUsd } from '~/platform/money';
import { paths } from '~/paths';
import { LevelBars } from './level';
import { LotBar, LotRuler } from './lot-bar';
import { NEAR_DAYS, niceScaleMax } from './lot-bar-geometry';
import { DiscountBadge } from './price';
import { LinkButton } from './ui/button';
import { classes } from './ui/classes';
import { DataTable, type Column, type Sort } from './ui/table';
import { Time, type Moment } from './ui/time';

export interface LotRow {
  id: string;
  discountBps: number;
  /** The seller's total amount. */
  faceNano: bigint;
  availableNano: bigint;
  soldShareBps: number;
  expiresAt: Moment;
  daysLeft: number;
  level: number;
  sellerName: string;
  /** Burned on this seller's lots since its last failed lot. */
  sellerBurnedNano: bigint;
  sellerFailedLots: number;
}

export type LotSortKey = 'price' | 'available' | 'expires' | 'level';

interface LotTableProps {
  lots: readonly LotRow[];
  caption?: string;
  /** Makes these columns' heads links. */
  sorts?: Partial<Record<LotSortKey, Sort>>;
}

function columns(lots: readonly LotRow[], sorts: Partial<Record<LotSortKey, Sort>>): Column<LotRow>[] {
  const scaleMaxNano = niceScaleMax(lots.reduce((max, lot) => (lot.faceNano > max ? lot.faceNano : max), 0n));
  const sort = (key: LotSortKey) => (sorts[key] ? { sort: sorts[key] } : {});
  return [
    {
      key: 'price',
      head: 'Price per $1',
      rowHead: true,
      className: 'lots-price',
      ...sort('price'),
      cell: (lot) => <PriceLink lot={lot} />,
    },
    { key: 'discount', head: 'Discount', className: 'lots-discount', cell: (lot) => <DiscountBadge discountBps={lot.discountBps} /> },
    {
      key: 'bar',
      head: 'Lot: face value, price and saving',
      headExtra: <LotRuler maxNano={scaleMaxNano} />,
      bar: true,
      cell: (lot) => (
        <LotBar
          faceNano={lot.faceNano}
          discountBps={lot.discountBps}
          soldShareBps={lot.soldShareBps}
          daysLeft={lot.daysLeft}
          scaleMaxNano={scaleMaxNano}
        />
      ),
    },
    {
      key: 'available',
      head: 'Available',
      numeric: true,
      className: 'lots-available',
      ...sort('available'),
      cell: (lot) => <Available lot={lot} />,
    },
    { key: 'expires', head: 'Expires', className: 'lots-expires', ...sort('expires'), cell: (lot) => <Expires lot={lot} /> },
    { key: 'level', head: 'Level', className: 'lots-level', ...sort('level'), cell: (lot) => <LevelBars level={lot.level} /> },
    { key: 'seller', head: 'Seller', className: 'lots-seller', cell: (lot) => <Seller lot={lot} /> },
    { key: 'action', head: 'Action', headHidden: true, numeric: true, className: 'lots-action', cell: (lot) => <BuyLink lot={lot} /> },
  ];
}

/** Lots on sale, one scale for all bars; three-line rows on phones. Put a `LotBarKey` under it. */
export function LotTable({ lots, caption = 'Lots on sale', sorts = {} }: LotTableProps) {
  return <DataTable caption={caption} captionHidden columns={columns(lots, sorts)} rows={lots} rowKey={(lot) => lot.id} phone="lots" />;
}

function PriceLink({ lot }: { lot: LotRow }) {
  return (
    <Link className="price" to={paths.listing(lot.id)}>
      {formatPricePerUsd(lot.discountBps)}
    </Link>
  );
}

function Available({ lot }: { lot: LotRow }) {
  return (
    <>
      {formatNano(lot.availableNano)}
      <span className="sub phone-hidden">of {formatNanoWhole(lot.faceNano)}</span>
    </>
  );
}

function Expires({ lot }: { lot: LotRow }) {
  const near = lot.daysLeft < NEAR_DAYS && 'tone-near';
  return (
    <>
      <Time at={lot.expiresAt} show="day" className={classes('nowrap', near)} />
      <span className={classes('sub', near)}>
        {lot.daysLeft} {lot.daysLeft === 1 ? 'day' : 'days'}
      </span>
    </>
  );
}

function BuyLink({ lot }: { lot: LotRow }) {
  return (
    <LinkButton
      size="small"
      to={paths.listing(lot.id)}
      aria-label={`Buy from the lot of ${formatNano(lot.faceNano)} at ${formatPricePerUsd(lot.discountBps)}`}
    >
      Buy
    </LinkButton>
  );
}

function Seller({ lot }: { lot: LotRow }) {
  return (
    <>
      {lot.sellerName}
      <span className="sub">{sellerRecord(lot)}</span>
    </>
  );
}

/** A seller's record in words. Burned credit counts from the last failed lot on. */
export function sellerRecord({ sellerBurnedNano, sellerFailedLots }: Pick<LotRow, 'sellerBurnedNano' | 'sellerFailedLots'>): string {
  const burned = formatNano(sellerBurnedNano);
  if (sellerFailedLots > 0) return `${sellerFailedLots} ${sellerFailedLots === 1 ? 'lot' : 'lots'} failed, ${burned} burned since`;
  return sellerBurnedNano === 0n ? 'nothing burned yet' : `${burned} burned, no lot failed`;
}
