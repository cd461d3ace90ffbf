import { computeDue, type Burn } from '~/modules/ledger/flows';
import { formatCents } from '~/platform/money';
import type { SumLine } from '~/components/ui';

interface Amounts {
  priceCents: bigint;
  sellerTotalCents: bigint;
  feeCents: bigint;
  refundedCents: bigint;
  releasedSellerCents: bigint;
  releasedFeeCents: bigint;
  lostCents: bigint;
}

export interface Standing {
  sellerCents: bigint;
  feeCents: bigint;
  heldCents: bigint;
}

/**
 * Where every cent of a payment stands, as its seller sees it too: what has burned is the seller's and our fee at once, though the ledger
 * releases it in steps of some dollars. After a refund that took more than was unburned only what was released counts.
 */
export function standingOf(amounts: Amounts, burn: Burn | null): Standing {
  const { releasedSellerCents, releasedFeeCents } = amounts;
  const released = withHeld(amounts, releasedSellerCents, releasedFeeCents);
  if (!burn) return released;
  const due = computeDue(amounts, burn);
  const vested = withHeld(amounts, larger(due.sellerCents, releasedSellerCents), larger(due.feeCents, releasedFeeCents));
  return vested.heldCents < 0n ? released : vested;
}

function withHeld(amounts: Amounts, sellerCents: bigint, feeCents: bigint): Standing {
  const heldCents = amounts.priceCents + amounts.lostCents - amounts.refundedCents - sellerCents - feeCents;
  return { sellerCents, feeCents, heldCents };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The lines of the sum: the seller's, our fee, refunded, held. The last line is their sum, what was paid. */
export function moneyLines(amounts: Amounts, standing: Standing, refunds: readonly { state: string }[]): SumLine[] {
  const pending = refunds.some((refund) => refund.state === 'requested');
  const failed = refunds.some((refund) => refund.state === 'failed');
  const refundLabel = failed
    ? 'Refunded (the card did not take it: a person here has to send it another way)'
    : pending
      ? 'Refunded (on its way to your card)'
      : 'Refunded to your card';
  return [
    { label: 'Payable to the seller for what was burned', value: formatCents(standing.sellerCents) },
    { label: 'Our fee, paid by the seller', value: formatCents(standing.feeCents) },
    ...(amounts.refundedCents > 0n ? [{ label: refundLabel, value: formatCents(amounts.refundedCents) }] : []),
    ...(amounts.lostCents > 0n ? [{ label: 'Of the refund, paid by Credit Mart', value: `−${formatCents(amounts.lostCents)}` }] : []),
    { label: 'Held until burned', value: formatCents(standing.heldCents) },
    { label: 'You paid', value: formatCents(amounts.priceCents), kind: 'total' },
  ];
}
