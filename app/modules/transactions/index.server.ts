export {
  createTransaction,
  lockBuyer,
  requireRoomForBuyer,
  computeBuyerRoom,
  sumSpendingOfDay,
  type BuyerStanding,
  type NewTransaction,
} from './create-transactions.server';
export {
  completeTransaction,
  deliverTransaction,
  endUnpaid,
  freezeForRefund,
  freezeTransactions,
  markRefunded,
  thawTransactions,
  turnBackTransaction,
} from './move-transaction.server';
export {
  addOut,
  addTransactionEvent,
  findTransaction,
  lockTransaction,
  recordUseConsent,
  recordWithdrawal,
  transactionsClosing,
  transactionsHeldOn,
  findCheckoutTransactions,
  transactionsToSettle,
  type Transaction,
} from './transaction-store.server';
