import { openJournal, type Journal } from './journal';
import type { Mutation, PredictionEnded } from './mutations';
import type { AccountRecord, DeliveryRecord, PredictionRecord } from './records';

/** The sandbox's stored state. It changes only by `commit`, which applies a mutation and writes it to the journal. */
export class World {
  readonly accounts = new Map<string, AccountRecord>();
  readonly predictions = new Map<string, PredictionRecord>();
  readonly deliveries = new Map<string, DeliveryRecord>();
  readonly #usernameByToken = new Map<string, string>();
  readonly #predictionIdsByUsername = new Map<string, string[]>();
  readonly #journal: Journal;
  #clockOffsetMs = 0;

  constructor(journalPath?: string) {
    this.#journal = openJournal(journalPath, (mutation) => this.#apply(mutation));
  }

  /** Sandbox time in milliseconds: the machine's clock plus an offset that controls move. */
  now(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  commit(mutation: Mutation): void {
    this.#apply(mutation);
    this.#journal.append(mutation);
  }

  moveClockTo(at: number): void {
    this.commit({ kind: 'clock_moved', offsetMs: at - Date.now() });
  }

  /** The account of a token that is not revoked. */
  accountOfToken(token: string): AccountRecord | undefined {
    const username = this.#usernameByToken.get(token);
    return username === undefined ? undefined : this.accounts.get(username);
  }

  knowsToken(token: string): boolean {
    return this.#usernameByToken.has(token);
  }

  /** The account's predictions, oldest first. */
  listPredictionIds(username: string): readonly string[] {
    return this.#predictionIdsByUsername.get(username) ?? [];
  }

  account(username: string): AccountRecord {
    return found(this.accounts.get(username), `account ${username}`);
  }

  prediction(id: string): PredictionRecord {
    return found(this.predictions.get(id), `prediction ${id}`);
  }

  close(): void {
    this.#journal.close();
  }

  #apply(mutation: Mutation): void {
    switch (mutation.kind) {
      case 'account_created':
        this.accounts.set(mutation.account.username, mutation.account);
        for (const { token, revoked } of mutation.account.tokens) if (!revoked) this.#usernameByToken.set(token, mutation.account.username);
        break;
      case 'token_issued':
        this.account(mutation.username).tokens.push({ token: mutation.token, revoked: false });
        this.#usernameByToken.set(mutation.token, mutation.username);
        break;
      case 'token_revoked':
        this.#revoke(mutation.username, mutation.token);
        break;
      case 'credit_added':
        this.account(mutation.username).creditNano += mutation.amountNano;
        break;
      case 'clock_moved':
        this.#clockOffsetMs = mutation.offsetMs;
        break;
      case 'prediction_created':
        this.#remember(mutation.prediction);
        break;
      case 'prediction_started':
        Object.assign(this.prediction(mutation.id), { status: 'processing', startedAt: mutation.at });
        break;
      case 'prediction_output':
        this.prediction(mutation.id).outputReady = true;
        break;
      case 'prediction_ended':
        this.#end(mutation);
        break;
      case 'delivery_queued':
        this.deliveries.set(mutation.delivery.id, mutation.delivery);
        break;
      case 'delivery_settled':
        this.deliveries.delete(mutation.id);
        break;
      default:
        mutation satisfies never;
    }
  }

  #revoke(username: string, token: string): void {
    for (const record of this.account(username).tokens) if (record.token === token) record.revoked = true;
    this.#usernameByToken.delete(token);
  }

  #remember(prediction: PredictionRecord): void {
    this.predictions.set(prediction.id, prediction);
    const ids = this.#predictionIdsByUsername.get(prediction.username);
    if (ids) ids.push(prediction.id);
    else this.#predictionIdsByUsername.set(prediction.username, [prediction.id]);
  }

  #end(ended: PredictionEnded): void {
    const prediction = this.prediction(ended.id);
    const { status, at, error, metrics, chargedNano } = ended;
    Object.assign(prediction, { status, completedAt: at, error, metrics, chargedNano, outputReady: status === 'succeeded' });
    this.account(prediction.username).creditNano -= chargedNano;
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The sandbox knows no ${what}.`);
  return value;
}
