import { hash, verify } from '@node-rs/argon2';
import type { Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';

/** argon2id (the package's default algorithm): 19 MiB, two passes, one lane. */
const strong = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Tests make users by the thousand. */
const forTests = { memoryCost: 8, timeCost: 1, parallelism: 1 };

const AT_ONCE = 2;
const MAX_WAITING = 200;
let running = 0;
const waiting: (() => void)[] = [];

/** Hashing occupies a core for 70 ms. Two run at a time, so that many sign-ins do not starve other work. */
async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MAX_WAITING) throw new DomainError('busy', 'Too many people sign in at this moment. Try again in a minute.', 503);
  if (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function hashCost(ctx: Ctx) {
  return ctx.config.mode === 'test' ? forTests : strong;
}

export async function hashPassword(ctx: Ctx, password: string): Promise<string> {
  return oneOfFew(() => hash(password.normalize('NFC'), hashCost(ctx)));
}

const decoyHashes = new Map<string, Promise<string>>();

/** Whether the password is right. Without a hash (no such account) it is false after the same time. */
export async function isPassword(ctx: Ctx, known: string | null, password: string): Promise<boolean> {
  const { mode } = ctx.config;
  const standIn = decoyHashes.get(mode) ?? hash('no account has this password', hashCost(ctx));
  decoyHashes.set(mode, standIn);
  const compared = known ?? (await standIn);
  const right = await oneOfFew(() => verify(compared, password.normalize('NFC')));
  return right && known !== null;
}
