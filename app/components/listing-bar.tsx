import { shareBps } from '~/platform/money';
import { LotBar } from './lot-bar';

interface ListingBarProps {
  reader: 'seller' | 'admin';
  listing: { listedNano: bigint; soldNano: bigint; discountBps: number; daysLeft: number };
}

/** A listing's bar for its seller or reviewer: sellable credit, and how much of it is sold. */
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
