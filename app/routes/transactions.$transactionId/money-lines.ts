import { formatCents } from '~/platform/money';
import type { SumLine } from '~/components/ui';

interface Amounts {
  priceCents: bigint;
  refundedCents: bigint;
  releasedSellerCents: bigint;
  releasedFeeCents: bigint;
  lostCents: bigint;
}

/** Every cent of a payment: with the seller, our fee, refunded, held. The last line is their sum, what was paid. */
export function moneyLines(amounts: Amounts, heldCents: bigint, refunds: readonly { state: string }[]): SumLine[] {
  const pending = refunds.some((refund) => refund.state === 'requested');
  const failed = refunds.some((refund) => refund.state === 'failed');
  const refundLabel = failed
    ? 'Refunded (the card did not take it: a person here has to send it another way)'
    : pending
      ? 'Refunded (on its way to your card)'
      : 'Refunded to your card';
  return [
    { label: 'Payable to the seller for what was burned', value: formatCents(amounts.releasedSellerCents) },
    { label: 'Our fee, paid by the seller', value: formatCents(amounts.releasedFeeCents) },
    ...(amounts.refundedCents > 0n ? [{ label: refundLabel, value: formatCents(amounts.refundedCents) }] : []),
    ...(amounts.lostCents > 0n ? [{ label: 'Of the refund, paid by Credit Mart', value: `−${formatCents(amounts.lostCents)}` }] : []),
    { label: 'Held until burned', value: formatCents(heldCents) },
    { label: 'You paid', value: formatCents(amounts.priceCents), kind: 'total' },
  ];
}
