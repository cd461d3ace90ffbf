import type Stripe from 'stripe';
import type { SessionPlan } from '../core/records';
import type { World } from '../core/world';
import { parseForm } from '../http/form';
import { answerChallenge, paySession, type PayOutcome } from '../payments/pay-session';
import { challengePage, closedPage, successUrl, unknownPage } from './other-pages';
import { paymentPage, untouched } from './payment-page';
import { readCardForm, type TypedCard } from './read-card-form';

export interface PageAnswer {
  status: number;
  body: string;
  location?: string;
}

interface Visit {
  world: World;
  session: Stripe.Checkout.Session;
  plan: SessionPlan;
}

/** The hosted pages: `/c/pay/<session>` and its 3-D Secure step. They work without JavaScript. */
export function answerPage(world: World, method: string, path: string, body: string): PageAnswer {
  const match = /^\/c\/pay\/(cs_test_\w+)(\/challenge)?$/.exec(path);
  const session = world.tables.checkoutSession.get(match?.[1] ?? '');
  const plan = world.tables.sessionPlan.get(match?.[1] ?? '');
  if (session === undefined || plan === undefined || (method !== 'GET' && method !== 'POST')) return { status: 404, body: unknownPage() };
  const visit = { world, session, plan };
  if (session.status !== 'open') return method === 'GET' ? { status: 200, body: closedPage(session) } : closedAnswer(session);
  if (match?.[2] !== undefined) return method === 'GET' ? showChallenge(visit) : takeChallenge(visit, body);
  return method === 'GET' ? { status: 200, body: paymentPage(session, plan.lineItems, untouched) } : takePayment(visit, body);
}

function takePayment({ world, session, plan }: Visit, body: string): PageAnswer {
  const form = readCardForm(parseForm(body), world.clock.now());
  if (!form.ok) {
    return { status: 422, body: paymentPage(session, plan.lineItems, { typed: form.typed, errors: form.errors, declined: undefined }) };
  }
  const outcome = world.perform(null, () => paySession(world, session, plan, form.card));
  return afterAttempt(outcome, plan, form.typed);
}

function showChallenge({ session, plan }: Visit): PageAnswer {
  if (plan.challengedCard === null) return { status: 303, body: '', location: `/c/pay/${session.id}` };
  return { status: 200, body: challengePage(session, plan.challengedCard.number.slice(-4)) };
}

function takeChallenge({ world, session, plan }: Visit, body: string): PageAnswer {
  const passed = parseForm(body)['answer'] === 'complete';
  if (plan.challengedCard === null) return { status: 303, body: '', location: `/c/pay/${session.id}` };
  return afterAttempt(
    world.perform(null, () => answerChallenge(world, session, plan, passed)),
    plan,
    untouched.typed,
  );
}

function afterAttempt(outcome: PayOutcome, plan: SessionPlan, typed: TypedCard): PageAnswer {
  switch (outcome.kind) {
    case 'paid':
      return { status: 303, body: '', location: successUrl(outcome.session) };
    case 'challenge':
      return { status: 303, body: '', location: `/c/pay/${outcome.session.id}/challenge` };
    case 'declined':
      return { status: 402, body: paymentPage(outcome.session, plan.lineItems, { typed, errors: {}, declined: outcome.message }) };
    case 'closed':
      return closedAnswer(outcome.session);
  }
}

/** Pay was pressed twice or too late; the first press counts. */
const closedAnswer = (session: Stripe.Checkout.Session): PageAnswer =>
  session.status === 'complete' ? { status: 303, body: '', location: successUrl(session) } : { status: 410, body: closedPage(session) };
