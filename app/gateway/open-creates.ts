/** A create that this process is working on. */
export interface OpenCreate<T> {
  /** Its client has gone without an answer. */
  abandoned: boolean;
  result: Promise<T>;
}

/**
 * Creates under way, by key and body. A client whose connection broke sends the same body again at once, up to six times: it gets the run
 * that its first try began. Two clients that ask for the same thing side by side are two runs.
 */
export class OpenCreates {
  readonly #open = new Map<string, Set<OpenCreate<unknown>>>();

  /** The abandoned create with this body, taken over; null when there is none. */
  takeOver<T>(key: string): OpenCreate<T> | null {
    for (const create of this.#open.get(key) ?? []) {
      if (!create.abandoned) continue;
      create.abandoned = false;
      return create as OpenCreate<T>;
    }
    return null;
  }

  begin<T>(key: string, work: () => Promise<T>): OpenCreate<T> {
    const create: OpenCreate<T> = { abandoned: false, result: work() };
    const open = this.#open.get(key) ?? new Set();
    this.#open.set(key, open.add(create));
    const end = () => {
      open.delete(create);
      if (open.size === 0) this.#open.delete(key);
    };
    create.result.then(end, end);
    return create;
  }
}
