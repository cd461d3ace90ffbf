import { giveBackReservations, reserveQuantity, type ReservedQuantity } from '~/modules/listings/index.server';
import { createCheckout, findCheckoutByForm, intendCall, requireRoomForUnpaid, type Checkout } from '~/modules/payments/index.server';
import type { SessionRequest } from '~/modules/payments/stripe-port';
import { currentPolicy, type Policy } from '~/modules/policy/index.server';
import { createTransaction, lockBuyer, requireRoomForBuyer, sumSpendingOfDay } from '~/modules/transactions/index.server';
import { computeAmounts, settlementDay } from '~/modules/transactions/purchase-amounts';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import { addMs, formatDate, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { invalid, invariant, type DomainError } from '~/platform/errors';
import { newId, type CheckoutId, type ListingId, type OfferId, type UserId } from '~/platform/ids';
import { formatCents, formatNano, formatPercent } from '~/platform/money';

/** Stripe keeps a hosted page at most 24 hours; a little less, so that our clocks may differ. */
const LONGEST_SESSION_MS = 24 * HOUR_MS - 5 * MINUTE_MS;
/** Stripe takes no card payment in US dollars below this. */
const SMALLEST_PAYMENT_CENTS = 50n;

/** The latest time at which a checkout opened now can still be paid. */
export function latestPayment(ctx: Ctx): Date {
  return addMs(ctx.now, LONGEST_SESSION_MS);
}

export interface OpenCheckout {
  buyerId: UserId;
  listingId: ListingId;
  creditNano: bigint;
  /** A double click carries the same token and gets the same checkout. */
  formToken: string;
  /** The discount the buyer saw; not for an accepted offer. */
  shownDiscountBps?: number;
  /** An accepted offer: its own price, and its own time to pay. */
  agreed?: { offerId: OfferId; discountBps: number; payUntilAt: Date };
  customerEmail?: string;
  /** A hash of the network the buyer is in; null when that is not known, or when a seller's acceptance opens it. */
  network?: string | null;
  /** The text under which the buyer agreed to immediate use; left out where the buyer is still to be asked. */
  useConsentVersion?: string;
  /** Written in the same atomic block as checkout and transaction: both or neither. */
  alongside?: (tx: Ctx, checkoutId: CheckoutId) => Promise<void>;
}

/**
 * Sets the quantity aside, then writes checkout, transaction and the intent to open a hosted page. The reservation owns its commit; if
 * what follows fails it is given back, and if we die in between a sweep gives it back. Stripe is not called here: `openSession` is.
 * Throws the refusals of `reserveQuantity`, 422 `new_buyer_limit`, those of `requireRoomForUnpaid`, and what `alongside` throws.
 */
export async function openCheckout(ctx: Ctx, purchase: OpenCheckout): Promise<Checkout> {
  const policy = await currentPolicy(ctx);
  const checkoutId = newId('checkout', ctx.now);
  const reserved = await reserveQuantity(ctx, {
    listingId: purchase.listingId,
    checkoutId,
    buyerId: purchase.buyerId,
    creditNano: purchase.creditNano,
    shownDiscountBps: purchase.agreed ? null : (purchase.shownDiscountBps ?? null),
    minPurchaseCents: BigInt(policy.rules.minPurchaseCents),
    minDaysLeft: policy.rules.minDaysLeft,
  });
  crashPoint('checkout:after-reserve');
  const checkout = await writeCheckout(ctx, purchase, checkoutId, reserved, policy);
  crashPoint('checkout:before-stripe');
  return checkout;
}

async function writeCheckout(
  ctx: Ctx,
  purchase: OpenCheckout,
  checkoutId: CheckoutId,
  reserved: ReservedQuantity,
  policy: Policy,
): Promise<Checkout> {
  try {
    const written = await atomic(ctx, (tx) => insertCheckout(tx, purchase, checkoutId, reserved, policy));
    if (written) return written;
  } catch (error) {
    await atomic(ctx, (tx) => giveBackReservations(tx, checkoutId));
    throw error;
  }
  // Another click of the same form was faster: its checkout is the one.
  await atomic(ctx, (tx) => giveBackReservations(tx, checkoutId));
  const first = await findCheckoutByForm(ctx, purchase.buyerId, purchase.formToken);
  invariant(first, 'a form that was used has its checkout');
  return first;
}

async function insertCheckout(
  tx: Ctx,
  purchase: OpenCheckout,
  checkoutId: CheckoutId,
  reserved: ReservedQuantity,
  policy: Policy,
): Promise<Checkout | null> {
  const { buyerId, agreed, formToken } = purchase;
  const discountBps = agreed?.discountBps ?? reserved.discountBps;
  const amounts = computeAmounts(reserved.creditNano, discountBps, policy.rules.feeBps);
  if (amounts.priceCents < SMALLEST_PAYMENT_CENTS) throw tooSmallToPay();
  const expiresAt = earlier(
    agreed?.payUntilAt ?? addMs(tx.now, policy.rules.reservationMinutes * MINUTE_MS),
    addMs(tx.now, LONGEST_SESSION_MS),
  );
  await lockBuyer(tx, buyerId);
  const [known, spending] = await Promise.all([findCheckoutByForm(tx, buyerId, formToken), sumSpendingOfDay(tx, buyerId)]);
  if (known) return null;
  const standing = requireRoomForBuyer(tx, spending, amounts.priceCents, BigInt(policy.rules.newBuyerMaxPerDayCents));
  const network = purchase.network ?? null;
  if (!agreed) await requireRoomForUnpaid(tx, { buyerId, network }, amounts.priceCents, policy.rules);
  const request: SessionRequest = {
    checkoutId,
    lines: [
      checkoutLine(
        reserved,
        discountBps,
        Number(amounts.priceCents),
        settlementDay(reserved.creditExpiresAt, tx.now, policy.rules.maxHoldDays),
      ),
    ],
    customerEmail: purchase.customerEmail ?? null,
    successUrl: tx.config.publicUrl + paths.checkoutComplete(checkoutId),
    cancelUrl: tx.config.publicUrl + paths.checkout(checkoutId, { canceled: 1 }),
    expiresAt: Math.floor(expiresAt.getTime() / 1000),
    requestThreeDSecure: standing.isNew,
  };
  const checkout = await createCheckout(tx, {
    id: checkoutId,
    buyerId,
    totalCents: amounts.priceCents,
    offerId: agreed?.offerId ?? null,
    network,
    formToken,
    request,
    expiresAt,
  });
  if (!checkout) return null;
  const { sellerId, listingId, creditNano, creditExpiresAt } = reserved;
  const facts = { checkoutId, buyerId, sellerId, listingId, creditNano, discountBps, policyVersion: policy.version, creditExpiresAt };
  await Promise.all([
    createTransaction(tx, { ...amounts, ...facts, useConsentVersion: purchase.useConsentVersion ?? null }),
    intendCall(tx, { idempotencyKey: checkoutId, operation: 'checkout_session.create', params: request }),
  ]);
  await purchase.alongside?.(tx, checkoutId);
  return checkout;
}

function checkoutLine(
  reserved: ReservedQuantity,
  discountBps: number,
  amountCents: number,
  settlementAt: Date,
): SessionRequest['lines'][number] {
  return {
    name: `${formatNano(reserved.creditNano)} of Replicate credit, ${formatPercent(discountBps)} off`,
    description: `From a lot that expires on ${formatDate(reserved.creditExpiresAt)}. Held until burned; settles on ${formatDate(settlementAt)} at the latest.`,
    amountCents,
  };
}

function tooSmallToPay(): DomainError {
  return invalid(
    'amount',
    `A card payment is at least ${formatCents(SMALLEST_PAYMENT_CENTS)}, and what is left of this lot costs less.`,
    'below_minimum',
  );
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
