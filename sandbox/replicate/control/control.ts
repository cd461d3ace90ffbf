import type { Behaviour } from '../running/behaviours';
import { spendInParallel } from '../running/foreign-spend';
import type { Sandbox } from '../sandbox';
import { newToken, newWebhookSecret } from '../world/ids';
import { nanoToUsd } from '../world/money';
import type { AccountRecord, JsonObject, Metrics, PredictionRecord, PredictionStatus } from '../world/records';
import * as orders from './orders';
import type { OrderFor } from './orders';

/** A control that cannot be done, for example for an unknown account or a taken name. */
export class ControlError extends Error {}

export interface AccountView {
  username: string;
  name: string;
  type: 'user' | 'organization';
  creditUsd: string;
  tokens: { token: string; revoked: boolean }[];
  webhookSecret: string;
}

/** A prediction with what the API hides: its owner, its true metrics and its charge. */
export interface PredictionView {
  id: string;
  username: string;
  model: string;
  version: string;
  source: 'api' | 'web';
  input: JsonObject;
  status: PredictionStatus;
  webhook: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  metrics: Metrics | null;
  chargedUsd: string;
}

/** What a test or demo may do to the sandbox beyond the API. */
export class Control {
  constructor(private readonly sandbox: Sandbox) {}

  /** Opens an account with credit and one token. The first account of a sandbox owns the private model. */
  createAccount(order: OrderFor<typeof orders.AccountOrder>): { username: string; token: string; webhookSecret: string } {
    const { username, name, type, creditUsd, token = newToken(), createsPerMinute } = orders.AccountOrder.parse(order);
    const { world, catalogue } = this.sandbox;
    if (world.accounts.has(username)) throw new ControlError(`There is already an account ${username}.`);
    if (world.knowsToken(token)) throw new ControlError('This token belongs to another account.');
    const webhookSecret = newWebhookSecret();
    if (world.accounts.size === 0) catalogue.addPrivateModel(username);
    const tokens = [{ token, revoked: false }];
    const account = { username, name: name ?? username, type, creditNano: creditUsd, tokens, webhookSecret, createsPerMinute };
    world.commit({ kind: 'account_created', account });
    return { username, token, webhookSecret };
  }

  accounts(): AccountView[] {
    return [...this.sandbox.world.accounts.values()].map(viewAccount);
  }

  account(username: string): AccountView {
    return viewAccount(this.#account(username));
  }

  /** Issues another token of the account; the others remain valid. */
  issueToken(username: string, order: OrderFor<typeof orders.TokenOrder> = {}): { token: string } {
    const { token = newToken() } = orders.TokenOrder.parse(order);
    if (this.sandbox.world.knowsToken(token)) throw new ControlError('This token is in use.');
    this.sandbox.world.commit({ kind: 'token_issued', username: this.#account(username).username, token });
    return { token };
  }

  /** Revokes one token of the account, or all of them. */
  revokeToken(username: string, order: OrderFor<typeof orders.TokenOrder> = {}): { revoked: number } {
    const { token } = orders.TokenOrder.parse(order);
    const doomed = this.#account(username).tokens.filter((held) => !held.revoked && (token === undefined || held.token === token));
    for (const held of doomed) this.sandbox.world.commit({ kind: 'token_revoked', username, token: held.token });
    return { revoked: doomed.length };
  }

  /** Adds credit to an account, or removes it if the amount is negative. */
  addCredit(username: string, order: OrderFor<typeof orders.CreditOrder>): AccountView {
    const { usd } = orders.CreditOrder.parse(order);
    this.sandbox.world.commit({ kind: 'credit_added', username: this.#account(username).username, amountNano: usd });
    return this.account(username);
  }

  /** The owner spends exactly this much outside the market, as one finished prediction. */
  spend(username: string, order: OrderFor<typeof orders.SpendOrder>): PredictionView {
    const { usd, source } = orders.SpendOrder.parse(order);
    return viewPrediction(spendInParallel(this.sandbox, this.#account(username), usd, source));
  }

  /** Sets or advances sandbox time, or resets it to the machine's. Everything then due happens at once. */
  moveClock(order: OrderFor<typeof orders.ClockOrder>): { now: string } {
    const { world, predictions } = this.sandbox;
    const target = orders.ClockOrder.parse(order);
    if ('now' in target) world.moveClockTo(Date.parse(target.now));
    else world.moveClockTo('advanceMs' in target ? world.now() + target.advanceMs : Date.now());
    predictions.resumeAll();
    return { now: new Date(world.now()).toISOString() };
  }

  addBehaviour(order: OrderFor<typeof orders.BehaviourOrder>): Behaviour {
    const { token, ...behaviour } = orders.BehaviourOrder.parse(order);
    if (token !== undefined) {
      const account = this.sandbox.world.accountOfToken(token);
      if (!account) throw new ControlError('No account has this token.');
      behaviour.username = account.username;
    }
    this.sandbox.behaviours.add(behaviour);
    return behaviour;
  }

  behaviours(): readonly Behaviour[] {
    return this.sandbox.behaviours.list();
  }

  clearBehaviours(): void {
    this.sandbox.behaviours.clear();
  }

  /** Sets how webhooks are sent from now on. Held ones stay held until they are released. */
  setWebhooks(order: OrderFor<typeof orders.WebhookOrder>): { mode: string } {
    this.sandbox.deliveries.mode = orders.WebhookOrder.parse(order).mode;
    return { mode: this.sandbox.deliveries.mode };
  }

  /** Sends the held webhooks without changing the mode. */
  releaseWebhooks(order: OrderFor<typeof orders.ReleaseOrder> = {}): { released: number } {
    return { released: this.sandbox.deliveries.release(orders.ReleaseOrder.parse(order).order) };
  }

  /** For some real milliseconds every API call gets 503 (or a reset connection) and no webhook leaves; runs go on. */
  startOutage(order: OrderFor<typeof orders.OutageOrder>): void {
    const { ms, mode } = orders.OutageOrder.parse(order);
    this.sandbox.outage = { until: performance.now() + ms, mode };
    this.sandbox.deliveries.pauseFor(ms);
  }

  /** Tunes how long predictions take (of all models or of one), how strict version ids are, and whether creates are held up. */
  tune(order: OrderFor<typeof orders.SettingsOrder>): { predictionMs: number; strictVersions: boolean; holdCreates: boolean } {
    const { predictionMs, model, shownAs, strictVersions, holdCreates } = orders.SettingsOrder.parse(order);
    const { settings } = this.sandbox;
    if (predictionMs !== undefined && model !== undefined) settings.predictionMsByModel.set(model, predictionMs);
    else if (predictionMs !== undefined) settings.predictionMs = predictionMs;
    if (shownAs !== undefined && model !== undefined) settings.shownAs.set(model, shownAs);
    if (strictVersions !== undefined) settings.strictVersions = strictVersions;
    if (holdCreates !== undefined) this.#holdCreates(holdCreates);
    return this.#settings();
  }

  /** All predictions of an account, or of all accounts, oldest first, with what each was charged. */
  predictions(username?: string): PredictionView[] {
    const { world } = this.sandbox;
    const found =
      username === undefined ? [...world.predictions.values()] : world.listPredictionIds(username).map((id) => world.prediction(id));
    return found.map(viewPrediction);
  }

  state(): object {
    const { world, deliveries, outage } = this.sandbox;
    return {
      now: new Date(world.now()).toISOString(),
      accounts: this.accounts(),
      predictions: world.predictions.size,
      inFlight: [...world.predictions.values()].filter(({ completedAt }) => completedAt === null).length,
      webhooks: { mode: deliveries.mode, waiting: deliveries.waiting() },
      behaviours: this.behaviours(),
      outageMs: Math.max(0, Math.round(outage.until - performance.now())),
      settings: this.#settings(),
    };
  }

  #settings() {
    const { predictionMs, strictVersions, createsHeld } = this.sandbox.settings;
    return { predictionMs, strictVersions, holdCreates: createsHeld !== null };
  }

  #holdCreates(isHeld: boolean): void {
    const { settings } = this.sandbox;
    settings.releaseCreates();
    settings.createsHeld = isHeld ? new Promise((done) => (settings.releaseCreates = done)) : null;
  }

  #account(username: string): AccountRecord {
    const account = this.sandbox.world.accounts.get(username);
    if (!account) throw new ControlError(`There is no account ${username}.`);
    return account;
  }
}

function viewAccount({ username, name, type, creditNano, tokens, webhookSecret }: AccountRecord): AccountView {
  return { username, name, type, creditUsd: nanoToUsd(creditNano), tokens: tokens.map((token) => ({ ...token })), webhookSecret };
}

function viewPrediction(prediction: PredictionRecord): PredictionView {
  const { id, username, model, version, source, input, status, webhook, metrics, createdAt, startedAt, completedAt, chargedNano } =
    prediction;
  const times = { createdAt: new Date(createdAt).toISOString(), startedAt: timeOrNull(startedAt), completedAt: timeOrNull(completedAt) };
  return { id, username, model, version, source, input, status, webhook, ...times, metrics, chargedUsd: nanoToUsd(chargedNano) };
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
