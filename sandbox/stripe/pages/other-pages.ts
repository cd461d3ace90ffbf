import type Stripe from 'stripe';
import { html } from './html';
import { dollars, page } from './layout';

/** The bank's page of 3-D Secure, where the cardholder confirms or declines. */
export function challengePage(session: Stripe.Checkout.Session, lastFour: string): string {
  return page(
    'Confirm your payment – Stripe sandbox',
    html`<section>
      <h1>3-D Secure</h1>
      <p class="total">${dollars(session.amount_total ?? 0)}</p>
      <p>The bank of the card ending in ${lastFour} asks its holder to confirm this payment.</p>
      <form method="post" action="/c/pay/${session.id}/challenge" class="stack">
        <button type="submit" name="answer" value="complete">Complete</button>
        <button type="submit" name="answer" value="fail" class="plain">Fail</button>
      </form>
    </section>`,
  );
}

/** A session that can no longer be paid, with a link back to the shop. */
export function closedPage(session: Stripe.Checkout.Session): string {
  const paid = session.status === 'complete';
  const back = paid ? successUrl(session) : session.cancel_url;
  return page(
    paid ? 'Already paid – Stripe sandbox' : 'Session expired – Stripe sandbox',
    html`<section>
      <h1>${paid ? 'Already paid' : 'Session expired'}</h1>
      <p class="total">${dollars(session.amount_total ?? 0)}</p>
      <p>${paid ? 'This payment is complete. The card was charged once.' : 'This payment page has expired. Nothing was charged.'}</p>
      ${back !== null && html`<p><a class="button" href="${back}">Go back to the shop</a></p>`}
    </section>`,
  );
}

export const unknownPage = (): string =>
  page(
    'No such page – Stripe sandbox',
    html`<section>
      <h1>No such page</h1>
      <p>There is no payment page at this address. Start again from the shop.</p>
    </section>`,
  );

/** The URL for a paid customer, with the session's id in place of the placeholder. */
export const successUrl = (session: Stripe.Checkout.Session): string =>
  (session.success_url ?? '/').replaceAll(/\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi, session.id);
