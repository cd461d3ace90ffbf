import type Stripe from 'stripe';
import type { WireLineItem } from '../core/records';
import { testCards } from '../payments/cards';
import { html, type Html } from './html';
import { dollars, page } from './layout';
import type { CardErrors, TypedCard } from './read-card-form';

export interface PaymentPageState {
  typed: TypedCard;
  errors: CardErrors;
  /** The bank's reason why the last attempt failed. */
  declined: string | undefined;
}

export const untouched: PaymentPageState = { typed: { number: '', expiry: '' }, errors: {}, declined: undefined };

export function paymentPage(session: Stripe.Checkout.Session, items: readonly WireLineItem[], state: PaymentPageState): string {
  const failed = state.declined !== undefined || Object.keys(state.errors).length > 0;
  const body = html`${summary(session, items)}
    <section aria-labelledby="card-heading">
      <h2 id="card-heading">Pay by card</h2>
      ${problems(state)}
      <form method="post" action="/c/pay/${session.id}" novalidate>
        ${field({ name: 'number', label: 'Card number', autocomplete: 'cc-number', value: state.typed.number, error: state.errors.number })}
        <div class="pair">
          ${field({ name: 'expiry', label: 'Expiry', autocomplete: 'cc-exp', value: state.typed.expiry, error: state.errors.expiry, hint: 'MM/YY' })}
          ${field({ name: 'cvc', label: 'CVC', autocomplete: 'cc-csc', value: '', error: state.errors.cvc, hint: '3 digits' })}
        </div>
        <button type="submit">Pay</button>
      </form>
      ${session.cancel_url !== null && html`<p class="after"><a href="${session.cancel_url}">Cancel and go back</a></p>`} ${cardTable}
    </section>`;
  return page(`${failed ? 'Error: ' : ''}Pay ${dollars(session.amount_total ?? 0)} – Stripe sandbox`, body, true);
}

function summary(session: Stripe.Checkout.Session, items: readonly WireLineItem[]): Html {
  return html`<section>
    <h1>Amount to pay</h1>
    <p class="total">${dollars(session.amount_total ?? 0)}</p>
    <table>
      <caption>
        What you pay for
      </caption>
      <thead>
        <tr>
          <th scope="col">Item</th>
          <th scope="col" class="n">Quantity</th>
          <th scope="col" class="n">Amount</th>
        </tr>
      </thead>
      <tbody>
        ${items.map(
          (item) =>
            html`<tr>
              <td>${item.description}</td>
              <td class="n">${item.quantity}</td>
              <td class="n">${dollars(item.amount_total)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${session.customer_email !== null && html`<p class="hint">Receipt to ${session.customer_email}</p>`}
    <p class="hint">Open until ${new Date(session.expires_at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC.</p>
  </section>`;
}

function problems(state: PaymentPageState): Html | undefined {
  if (state.declined !== undefined) return html`<div class="alert" role="alert"><p>${state.declined} Nothing was charged.</p></div>`;
  const errors = Object.entries(state.errors);
  if (errors.length === 0) return undefined;
  return html`<div class="alert" role="alert">
    <p>Nothing was charged. ${errors.length === 1 ? 'One field needs' : `${errors.length} fields need`} another look.</p>
  </div>`;
}

function field(input: {
  name: string;
  label: string;
  autocomplete: string;
  value: string;
  error: string | undefined;
  hint?: string;
}): Html {
  const described = [input.hint !== undefined && `${input.name}-hint`, input.error !== undefined && `${input.name}-error`]
    .filter(Boolean)
    .join(' ');
  return html`<div class="field">
    <label for="${input.name}">${input.label}</label>
    <input
      id="${input.name}"
      name="${input.name}"
      value="${input.value}"
      inputmode="numeric"
      autocomplete="${input.autocomplete}"
      required
      ${described !== '' && html`aria-describedby="${described}"`}
      ${input.error !== undefined && html`aria-invalid="true"`}
    />
    ${input.hint !== undefined && html`<p class="hint" id="${input.name}-hint">${input.hint}</p>`}
    ${input.error !== undefined && html`<p class="error" id="${input.name}-error">${input.error}</p>`}
  </div>`;
}

const cardTable = html`<table>
  <caption>
    Test cards
  </caption>
  <thead>
    <tr>
      <th scope="col">Number</th>
      <th scope="col">What happens</th>
    </tr>
  </thead>
  <tbody>
    ${testCards.map(
      (card) =>
        html`<tr>
          <td class="card">${card.number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}</td>
          <td>${card.says}</td>
        </tr>`,
    )}
  </tbody>
</table>`;
