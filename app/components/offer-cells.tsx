import type { ReactNode } from 'react';
import type { NamedLot } from '~/platform/lot-name';
import { formatPercent } from '~/platform/money';
import { Time } from './ui';
import { StateBadge } from './state-badge';

/** What is bid, over what the lot asks for: `whose` names the lot to the reader. */
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

/** Where an offer stands, until when it is open, and what else there is to say. */
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

/** The lot that an offer is for, as what names it. */
export function offeredLot(offer: { listingFaceNano: bigint; listingDiscountBps: number; listingExpiresAt: Date }): NamedLot {
  return { faceNano: offer.listingFaceNano, discountBps: offer.listingDiscountBps, creditExpiresAt: offer.listingExpiresAt };
}
