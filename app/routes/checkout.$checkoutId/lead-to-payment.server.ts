import { redirect, redirectDocument } from '@remix-run/node';
import { paths } from '~/paths';
import type { RequestArgs } from '~/pages/request-context.server';
import type { StartedCheckout } from '~/workflows/paying/start-checkout.server';

/**
 * The answer to a form that leads to the payment page. A browser follows the redirect only to hosts that our `form-action` names; a payment
 * page on a domain of the operator's own is none of them, so the checkout's page comes between and goes on by itself.
 */
export function leadToPayment({ context }: RequestArgs, { checkoutId, url }: StartedCheckout) {
  const { env } = context.services;
  const { origin } = new URL(url, env.publicUrl);
  const named = origin === new URL(env.publicUrl).origin || origin === env.stripe.checkoutOrigin;
  return named ? redirect(url, 303) : redirectDocument(paths.checkout(checkoutId, { go: 1 }), 303);
}
