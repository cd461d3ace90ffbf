import { clientGone } from './problems';

/** A create in progress. It can be called off until it is sent to the provider. */
export class OpenCreate<T> {
  /** It was sent, and its client has left without an answer. The next create with the same body takes it over. */
  isAbandoned = false;
  /** Null until its body has been read. */
  result: Promise<T> | null = null;
  readonly #unsent = new AbortController();
  #isSent = false;

  /** Aborts when the create is called off. */
  get signal(): AbortSignal {
    return this.#unsent.signal;
  }

  /** The client has gone. */
  leave(): void {
    if (this.#isSent) this.isAbandoned = true;
    else this.callOff(clientGone());
  }

  callOff(reason: Error): void {
    if (!this.#isSent) this.#unsent.abort(reason);
  }

  /** Call it right before sending. @throws why it was called off. */
  send(): void {
    this.signal.throwIfAborted();
    this.#isSent = true;
  }

  /** The provider refused it, so nothing runs and it can be called off again. */
  markUnsent(): void {
    this.#isSent = false;
    if (this.isAbandoned) this.callOff(clientGone());
  }
}

/**
 * Creates in progress, by key and body. A client whose connection broke repeats the create at once, up to six times, and gets the run
 * of its first try. Two clients that send the same body side by side get two runs.
 */
export class OpenCreates<T> {
  readonly #all = new Set<OpenCreate<T>>();
  readonly #byBody = new Map<string, Set<OpenCreate<T>>>();

  /** Registers a create. Close it once it is answered. */
  open(): OpenCreate<T> {
    const create = new OpenCreate<T>();
    this.#all.add(create);
    return create;
  }

  close(create: OpenCreate<T>): void {
    this.#all.delete(create);
  }

  /** An abandoned create with this body; null if there is none. */
  takeOver(body: string): OpenCreate<T> | null {
    for (const create of this.#byBody.get(body) ?? []) {
      if (!create.isAbandoned) continue;
      create.isAbandoned = false;
      return create;
    }
    return null;
  }

  begin(body: string, create: OpenCreate<T>, work: () => Promise<T>): Promise<T> {
    const result = work();
    create.result = result;
    const same = this.#byBody.get(body) ?? new Set();
    this.#byBody.set(body, same.add(create));
    const end = () => {
      same.delete(create);
      if (same.size === 0) this.#byBody.delete(body);
    };
    result.then(end, end);
    return result;
  }

  /** Calls off every create that is not sent yet. */
  callOff(reason: Error): void {
    for (const create of this.#all) create.callOff(reason);
  }
}
