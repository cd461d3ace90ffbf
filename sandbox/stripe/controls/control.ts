import type Stripe from 'stripe';
import { getId } from '../core/get-id';
import type { Delivery, SettlementRate } from '../core/records';
import type { World } from '../core/world';
import type { Fault, FaultRequest, Faults } from '../faults/faults';
import { findTestCard } from '../payments/cards';
import { expireSession } from '../payments/expire-session';
import { answerChallenge, paySession, type PayOutcome } from '../payments/pay-session';
import { refundCharge } from '../payments/refund-charge';
import type { Courier } from '../webhooks/courier';

export interface PayRequest {
  /** A test card's number; 4242 4242 4242 4242 if missing. */
  card?: string | undefined;
  /** What the cardholder does when the card asks for 3-D Secure. */
  challenge?: 'complete' | 'fail' | undefined;
}

/** What tests, the simulator and the seed may do beyond Stripe's API. */
export interface SandboxControl {
  now(): Date;
  /** Sets the clock, which ticks on from there; null returns to real time. */
  setClock(now: Date | null): Date;
  advanceClock(ms: number): Date;
  addFault(fault: FaultRequest): Fault;
  faults(): Fault[];
  clearFaults(): void;
  /** Pays without the page. */
  paySession(id: string, request?: PayRequest): PayOutcome;
  expireSession(id: string): void;
  /** Makes a refund as in the Dashboard, without metadata; the whole rest if no amount is given. */
  refundInDashboard(paymentIntentId: string, amountCents?: number): Stripe.Refund;
  /** Puts the pages of new sessions on another origin, as with a custom domain; null returns to the sandbox's own. */
  servePagesAt(origin: string | null): void;
  /** Settles new charges in another currency at this rate; null returns to US dollars. */
  settleIn(rate: SettlementRate | null): void;
  deliveries(): Delivery[];
  pauseDeliveries(): void;
  resumeDeliveries(): void;
  discardDeliveries(): number;
  redeliver(eventId: string): Promise<Delivery[]>;
  deliveriesSettled(timeoutMs?: number): Promise<void>;
  /** Every checkout session, oldest first, with its metadata. */
  sessions(): SessionView[];
  /** Card payments, refunds and fees in cents, of charges settled in US dollars. */
  money(): { chargedCents: number; refundedCents: number; feeCents: number };
  state(): Record<string, unknown>;
}

export interface SessionView {
  id: string;
  checkoutId: string | null;
  status: string | null;
  paymentIntentId: string | null;
  /** The amount paid and not yet refunded. */
  unrefundedCents: number;
}

export function createControl(
  world: World,
  faults: Faults,
  courier: Courier,
  servePagesAt: (origin: string | null) => void,
): SandboxControl {
  return {
    now: () => world.clock.now(),
    setClock(now) {
      world.moveClock((clock) => clock.set(now));
      return world.clock.now();
    },
    advanceClock(ms) {
      world.moveClock((clock) => clock.advance(ms));
      return world.clock.now();
    },
    addFault: (fault) => faults.add(fault),
    faults: () => faults.list(),
    clearFaults: () => faults.clear(),
    paySession: (id, request = {}) => pay(world, id, request),
    expireSession: (id) => expire(world, id),
    refundInDashboard: (id, amountCents) => refundByHand(world, id, amountCents),
    servePagesAt,
    settleIn: (rate) => world.perform(null, () => settleIn(world, rate)),
    deliveries: () => [...world.tables.delivery.oldestFirst()],
    pauseDeliveries: () => courier.pause(),
    resumeDeliveries: () => courier.resume(),
    discardDeliveries: () => courier.discard(),
    redeliver: (eventId) => courier.redeliver(eventId),
    deliveriesSettled: (timeoutMs) => courier.settled(timeoutMs),
    sessions: () => world.tables.checkoutSession.oldestFirst().map((session) => renderSession(world, session)),
    money: () => sumMoney(world),
    state: () => describeState(world, courier),
  };
}

/** The object of a control does not exist, or the control cannot be done. */
export class ControlProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function findSession(world: World, id: string) {
  const session = world.tables.checkoutSession.get(id);
  const plan = world.tables.sessionPlan.get(id);
  if (session === undefined || plan === undefined) throw new ControlProblem(404, `No such checkout session: ${id}`);
  return { session, plan };
}

function pay(world: World, id: string, request: PayRequest): PayOutcome {
  const number = (request.card ?? '4242424242424242').replaceAll(/[\s-]/g, '');
  if (findTestCard(number) === undefined) throw new ControlProblem(400, `Not one of the sandbox's test cards: ${number}`);
  return world.perform(null, () => {
    const { session, plan } = findSession(world, id);
    const card = { number, expMonth: 12, expYear: world.clock.now().getUTCFullYear() + 3 };
    const outcome = paySession(world, session, plan, card);
    if (outcome.kind !== 'challenge') return outcome;
    const challenged = findSession(world, id);
    return answerChallenge(world, challenged.session, challenged.plan, request.challenge !== 'fail');
  });
}

function expire(world: World, id: string): void {
  world.perform(null, () => {
    const { session } = findSession(world, id);
    if (session.status !== 'open') throw new ControlProblem(409, `The session is ${session.status ?? 'closed'}, not open.`);
    expireSession(world, session);
  });
}

function findCharge(world: World, paymentIntentId: string): Stripe.Charge | undefined {
  return world.tables.charge.get(getId(world.tables.paymentIntent.get(paymentIntentId)?.latest_charge ?? null));
}

function renderSession(world: World, session: Stripe.Checkout.Session): SessionView {
  const paymentIntentId = session.payment_intent === null ? null : getId(session.payment_intent);
  const charge = paymentIntentId === null ? undefined : findCharge(world, paymentIntentId);
  const { id, client_reference_id: checkoutId, status } = session;
  return { id, checkoutId, status, paymentIntentId, unrefundedCents: charge ? charge.amount_captured - charge.amount_refunded : 0 };
}

function refundByHand(world: World, paymentIntentId: string, amountCents: number | undefined): Stripe.Refund {
  const charge = findCharge(world, paymentIntentId);
  if (charge === undefined) throw new ControlProblem(404, `No paid payment intent: ${paymentIntentId}`);
  return world.perform(null, () => refundCharge(world, charge, { amountCents, metadata: {}, reason: 'requested_by_customer' }));
}

function settleIn(world: World, rate: SettlementRate | null): void {
  if (rate === null) world.remove('settlementRate', 'current');
  else world.put('settlementRate', { id: 'current', created: world.clock.seconds(), ...rate });
}

function sumMoney({ tables }: World): ReturnType<SandboxControl['money']> {
  const sums = { chargedCents: 0, refundedCents: 0, feeCents: 0 };
  for (const { type, amount, fee, currency } of tables.balanceTransaction.oldestFirst()) {
    if (currency !== 'usd') continue;
    if (type === 'charge') sums.chargedCents += amount;
    if (type === 'refund') sums.refundedCents -= amount;
    sums.feeCents += fee;
  }
  return sums;
}

function describeState(world: World, courier: Courier): Record<string, unknown> {
  const tally = (values: readonly (string | null)[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const value of values) counts[value ?? 'none'] = (counts[value ?? 'none'] ?? 0) + 1;
    return counts;
  };
  const { tables } = world;
  return {
    now: world.clock.now().toISOString(),
    checkoutSessions: tally(tables.checkoutSession.oldestFirst().map((session) => session.status)),
    paymentIntents: tally(tables.paymentIntent.oldestFirst().map((intent) => intent.status)),
    charges: tally(tables.charge.oldestFirst().map((charge) => charge.status)),
    refunds: tables.refund.size,
    balanceTransactions: tables.balanceTransaction.size,
    events: tables.event.size,
    webhookEndpoints: tables.webhookEndpoint.size,
    deliveries: tally(tables.delivery.oldestFirst().map((delivery) => delivery.status)),
    deliveriesPaused: courier.paused,
    idempotencyKeys: tables.idempotentResult.size,
  };
}
