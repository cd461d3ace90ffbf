export {
  checkoutsToLookAt,
  createCheckout,
  existingCheckouts,
  findCheckout,
  findCheckoutByForm,
  findCheckoutBySession,
  findCheckoutIfAny,
  findOwnCheckout,
  findPayment,
  findPaymentByIntent,
  moveCheckout,
  paymentsWithoutFee,
  recordFee,
  recordPayment,
  type Checkout,
  type Payment,
} from './checkout-store.server';
export { findOpenEvent, markProcessed, receiveStripeEvent, unprocessedEvents } from './event-inbox.server';
export { GIVE_UP_AFTER_MS, openSession, type Opening } from './open-session.server';
export {
  bookRefundMade,
  findRefundMade,
  paymentToRefund,
  recordKnownRefund,
  refundsWaiting,
  requestRefund,
  sendRefundToStripe,
  withdrawRefunds,
  type RefundId,
} from './refund-store.server';
export { intendCall } from './call-store.server';
export { requireRoomForUnpaid } from './unpaid-checkouts.server';
