import type { transactionStates } from '~db/schema';
import type { TransitionTable } from '~/platform/transitions';

export type TransactionState = (typeof transactionStates)[number];
export type TransactionRole = 'buyer' | 'system';

/** Partial refunds are amounts on the ledger, not a state (docs/design.md#states). */
export const transactionTransitions = {
  deliver: { from: ['awaiting_payment'], to: 'delivered', by: ['system'] },
  expire: { from: ['awaiting_payment'], to: 'expired', by: ['system'] },
  cancel: { from: ['awaiting_payment'], to: 'canceled', by: ['buyer', 'system'] },
  /** Paid, but the lot was gone or the checkout had ended: refunded in full without delivery. */
  turnBack: { from: ['awaiting_payment', 'expired', 'canceled'], to: 'refunded', by: ['system'] },
  freeze: { from: ['delivered'], to: 'frozen', by: ['system'] },
  thaw: { from: ['frozen'], to: 'delivered', by: ['system'] },
  complete: { from: ['delivered', 'frozen'], to: 'completed', by: ['system'] },
  refund: { from: ['delivered', 'frozen'], to: 'refunded', by: ['buyer', 'system'] },
  cover: { from: ['delivered', 'frozen'], to: 'covered', by: ['system'] },
} as const satisfies TransitionTable<TransactionState, TransactionRole>;

export type TransactionStep = keyof typeof transactionTransitions;

/** Expired and canceled are final too, unless a payment arrives late. */
export const finalTransactionStates = ['completed', 'refunded', 'covered'] as const satisfies readonly TransactionState[];
