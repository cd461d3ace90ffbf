import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(bytes: Buffer, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) text += alphabet[(bytes[i % bytes.length] ?? 0) % alphabet.length];
  return text;
}

/** Ids that look like Stripe's and follow from a seed and a count, so that a run can be repeated and a journal never repeats one. */
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

/** Request ids name one HTTP exchange; nothing depends on them, so they are random. */
export const newRequestId = (): string => `req_${base62(randomBytes(14), 14)}`;

export const newIdSeed = (): string => randomBytes(12).toString('hex');
