import { shareBps } from '~/platform/money';
import { LotBar } from './lot-bar';

interface ListingBarProps {
  reader: 'seller' | 'admin';
  listing: { listedNano: bigint; soldNano: bigint; discountBps: number; daysLeft: number };
}

/** One listing as its seller and its reviewer see it: what is sellable, and what of it is sold. */
export function ListingBar({ listing, reader }: ListingBarProps) {
  const { listedNano, soldNano, discountBps, daysLeft } = listing;
  return (
    <LotBar
      size="card"
      reader={reader}
      faceNano={listedNano}
      discountBps={discountBps}
      soldShareBps={shareBps(soldNano, listedNano)}
      daysLeft={daysLeft}
    />
  );
}
