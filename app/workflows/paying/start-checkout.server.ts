import { setTimeout } from 'node:timers/promises';
import { recordTermsAcceptance } from '~/modules/accounts/index.server';
import { isEnded } from '~/modules/payments/checkout-machine';
import { findCheckoutByForm, openSession, type Checkout } from '~/modules/payments/index.server';
import { paths } from '~/paths';
import { requireVerifiedUser, type Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import type { CheckoutId, UserId } from '~/platform/ids';
import { networkKey } from '~/platform/network';
import { limit } from '~/platform/rate-limit.server';
import { useNowConsent } from '~/modules/transactions/withdrawal';
import { StartCheckoutInput } from './buy-form';
import { endCheckout } from './end-checkout.server';
import { openCheckout } from './open-checkout.server';

export interface StartedCheckout {
  checkoutId: CheckoutId;
  /** Where to send the buyer: Stripe's page, or our own while Stripe has not answered or when it is paid already. */
  url: string;
}

/**
 * A buyer starts paying for an amount of a lot. The same form sent twice gets the same checkout and the same hosted page; a form whose
 * checkout ended starts another. `ip`: where the buyer's request came from.
 * @throws 401, 403 unverified, 429, the refusals of `openCheckout`, 502 when Stripe refuses the payment page.
 */
export async function startCheckout(ctx: Ctx, input: StartCheckoutInput, ip: string | null = null): Promise<StartedCheckout> {
  const { listingId, creditNano, shownDiscountBps, formToken } = StartCheckoutInput.parse(input);
  const buyerId = requireVerifiedUser(ctx);
  await limit(ctx, 'checkout', buyerId);
  // A page that the buyer returns to has the same token: another amount makes it another purchase.
  const { token, known } = await formUse(ctx, buyerId, `${formToken}:${creditNano}`);
  if (known) return resumeCheckout(ctx, known);
  const checkout = await orExistingCheckout(
    ctx,
    { buyerId, formToken: token },
    openCheckout(ctx, {
      buyerId,
      listingId,
      creditNano,
      shownDiscountBps,
      formToken: token,
      network: networkKey(ip),
      useConsentVersion: useNowConsent.version,
      ...(ctx.actor.kind === 'user' && { customerEmail: ctx.actor.email }),
      alongside: (tx) => recordTermsAcceptance(tx, buyerId, 'checkout'),
    }),
  );
  return resumeCheckout(ctx, checkout);
}

/** A double click can find the lot sold out by its first click. Returns that click's checkout then. */
export async function orExistingCheckout(
  ctx: Ctx,
  form: { buyerId: UserId; formToken: string },
  opening: Promise<Checkout>,
): Promise<Checkout> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'sold_out') throw error;
    for (const waitMs of [0, 150, 400]) {
      await setTimeout(waitMs);
      const first = await findCheckoutByForm(ctx, form.buyerId, form.formToken);
      if (first) return first;
    }
    throw error;
  }
}

/** Opens the payment page of a started checkout. Returns where to send the buyer. */
export async function resumeCheckout(ctx: Ctx, checkout: Checkout): Promise<StartedCheckout> {
  const checkoutId = checkout.id;
  if (checkout.state === 'paid') return { checkoutId, url: paths.checkoutComplete(checkoutId) };
  if (isEnded(checkout.state)) return { checkoutId, url: paths.checkout(checkoutId) };
  const opening = await openSession(ctx, checkout);
  switch (opening.state) {
    case 'open':
      return { checkoutId, url: opening.url };
    case 'over':
      return { checkoutId, url: paths.checkoutComplete(checkoutId) };
    case 'waiting':
      return { checkoutId, url: paths.checkout(checkoutId) };
    case 'refused':
      await endCheckout(ctx, checkoutId, 'canceled');
      throw new DomainError(
        'stripe_refused',
        'The payment page could not be opened, so nothing was charged and the credit is back on the market. Try again.',
        502,
      );
  }
}

/** The open checkout of this form; if it has ended, the token for the next one. */
async function formUse(ctx: Ctx, buyerId: UserId, formToken: string): Promise<{ token: string; known: Checkout | null }> {
  let token = formToken;
  for (;;) {
    const known = await findCheckoutByForm(ctx, buyerId, token);
    if (!known || !isEnded(known.state)) return { token, known };
    token = `${formToken}~${known.id.slice(-12)}`;
  }
}
