import type { IncomingMessage } from 'node:http';
import { MAX_CANCEL_AFTER_SECONDS, MIN_CANCEL_AFTER_SECONDS } from '~/modules/pricing/bounds';
import { header } from './http';
import { unprocessable } from './problems';

/** Clients time out after 60 s and would then send the run again. */
const LONGEST_WAIT_SECONDS = 55;

/** The access key from `Authorization: Bearer …` or `Token …`; null without it. */
export function readAccessKey(req: IncomingMessage): string | null {
  return /^(?:Bearer|Token)\s+(\S{1,200})$/i.exec(header(req, 'authorization')?.trim() ?? '')?.[1] ?? null;
}

/** How long `Prefer: wait[=n]` asks to hold the answer, in milliseconds; 0 without it. */
export function readWaitMs(req: IncomingMessage): number {
  const match = /(?:^|[\s,;])wait(?:=(\d{1,4}))?(?=$|[\s,;])/i.exec(header(req, 'prefer') ?? '');
  if (!match) return 0;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Number(match[1] ?? LONGEST_WAIT_SECONDS))) * 1_000;
}

/** `Cancel-After` ("90", "30s", "15m", "1h30m") in seconds; null without it. @throws Problem 422. */
export function readCancelAfter(req: IncomingMessage): number | null {
  const text = header(req, 'cancel-after')?.trim();
  if (text === undefined) return null;
  const match = /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s)?$/.exec(/^\d+$/.test(text) ? `${text}s` : text);
  const [, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
  const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  if (!match || total < MIN_CANCEL_AFTER_SECONDS || total > MAX_CANCEL_AFTER_SECONDS)
    throw unprocessable('Cancel-After: must be between 5 seconds and 24 hours.');
  return total;
}

/** `Idempotency-Key`; null without it. @throws Problem 422. */
export function readIdempotencyKey(req: IncomingMessage): string | null {
  const text = header(req, 'idempotency-key');
  if (text === undefined) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(text)) throw unprocessable('Idempotency-Key: 1 to 200 visible characters.');
  return text;
}
