import { centsToNano, formatNano } from '~/platform/money';

interface CapRules {
  newSellerMaxOnSaleCents: number;
  seasonedAfterBurnedCents: number;
  tailGuardCents: number;
}

/** How much more a new seller may have on sale. */
export interface NewSellerRoom {
  capNano: bigint;
  /** On sale, reserved, or waiting for review, over all listings of the seller. */
  onSaleNano: bigint;
  leftNano: bigint;
  /** The largest face value of a new listing: the rest of the cap plus the tail guard. Null if the cap is used up. */
  mostFaceNano: bigint | null;
  /** After so much was burned without a failed lot the cap is gone. */
  seasonedAfterNano: bigint;
}

/** The room under the cap on new sellers (policy). */
export function newSellerRoom(onSaleNano: bigint, rules: CapRules): NewSellerRoom {
  const capNano = centsToNano(BigInt(rules.newSellerMaxOnSaleCents));
  const leftNano = capNano > onSaleNano ? capNano - onSaleNano : 0n;
  return {
    capNano,
    onSaleNano,
    leftNano,
    mostFaceNano: leftNano === 0n ? null : leftNano + centsToNano(BigInt(rules.tailGuardCents)),
    seasonedAfterNano: centsToNano(BigInt(rules.seasonedAfterBurnedCents)),
  };
}

const rule = ({ capNano, seasonedAfterNano }: NewSellerRoom) =>
  `New sellers have up to ${formatNano(capNano)} on sale until ${formatNano(seasonedAfterNano)} was burned`;

/** What a new listing may hold, and what to do about the rest. */
export function newListingCap(room: NewSellerRoom): string {
  if (room.mostFaceNano === null) return `${rule(room)}, and yours are at that now. As they sell, there is room again.`;
  const already = room.onSaleNano > 0n ? `, since ${formatNano(room.onSaleNano)} is on sale or in review already` : '';
  return `${rule(room)}: enter ${formatNano(room.mostFaceNano)} or less here${already}. Raise the face value later, as this sells.`;
}

/** The same for a raise of a listing to a higher face value. */
export function raiseCap(room: NewSellerRoom, faceNano: bigint): string {
  if (room.leftNano === 0n) return `${rule(room)}, and yours are at that now. As they sell, there is room again.`;
  return `${rule(room)}: raise to ${formatNano(faceNano + room.leftNano)} or less for now.`;
}
