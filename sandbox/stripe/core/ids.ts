import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(bytes: Buffer, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) text += alphabet[(bytes[i % bytes.length] ?? 0) % alphabet.length];
  return text;
}

/** Ids in Stripe's format, made from a seed and a count: repeatable in tests, and unique within a journal. */
export class IdSource {
  #issued: number;

  constructor(
    readonly seed: string,
    issued = 0,
  ) {
    this.#issued = issued;
  }

  get issued(): number {
    return this.#issued;
  }

  restore(issued: number): void {
    this.#issued = Math.max(this.#issued, issued);
  }

  next(prefix: string, length = 24): string {
    this.#issued += 1;
    return `${prefix}_${base62(createHash('sha512').update(`${this.seed}:${prefix}:${this.#issued}`).digest(), length)}`;
  }
}

/** Random, since a request id names one HTTP exchange and nothing depends on it. */
export const newRequestId = (): string => `req_${base62(randomBytes(14), 14)}`;

export const newIdSeed = (): string => randomBytes(12).toString('hex');
