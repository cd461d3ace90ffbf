import type { ReactNode } from 'react';
import type { NamedLot } from '~/platform/lot-name';
import { formatPercent } from '~/platform/money';
import { Time } from './ui';
import { StateBadge } from './state-badge';

/** The price offered, above the lot's own price. */
export function OfferDiscount({ offer, whose }: { offer: { discountBps: number; listingDiscountBps: number }; whose: string }) {
  return (
    <>
      {formatPercent(offer.discountBps)}
      <span className="sub">
        {whose}: {formatPercent(offer.listingDiscountBps)}
      </span>
    </>
  );
}

/** An offer's state, its deadline, and a note. */
export function OfferState({ offer, children }: { offer: { state: string; expiresAt: Date }; children?: ReactNode }) {
  return (
    <>
      <StateBadge kind="offer" state={offer.state} />
      {offer.state === 'open' && (
        <span className="sub">
          until <Time at={offer.expiresAt} />
        </span>
      )}
      {children}
    </>
  );
}

/** The fields of an offer's lot that name it. */
export function offeredLot(offer: { listingFaceNano: bigint; listingDiscountBps: number; listingExpiresAt: Date }): NamedLot {
  return { faceNano: offer.listingFaceNano, discountBps: offer.listingDiscountBps, creditExpiresAt: offer.listingExpiresAt };
}
