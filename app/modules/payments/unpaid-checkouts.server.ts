import type { Ctx } from '~/platform/context';
import { addMs, formatDateTime, MINUTE_MS } from '~/platform/dates';
import { DomainError, invalid } from '~/platform/errors';
import { idToUuid, type UserId } from '~/platform/ids';
import { formatCents } from '~/platform/money';

/** A checkout that ended sooner blocked credit only briefly, so it does not count as unpaid. */
const HARMLESS_MINUTES = 10;

export interface UnpaidRules {
  maxUnpaidPurchases: number;
  maxUnpaidCents: number;
  networkMaxUnpaidPurchases: number;
  networkMaxUnpaidCents: number;
  unpaidEndsBeforeWait: number;
  unpaidWaitMinutes: number;
}

/** The buyer who starts a checkout, and the network (`networkKey`). */
export interface Starter {
  buyerId: UserId;
  network: string | null;
}

interface Row extends Record<string, unknown> {
  open: number;
  open_cents: string;
  ended: number;
  last_ended_at: string | Date | null;
  network_open: number;
  network_cents: string;
}

/**
 * Limits unpaid checkouts, since they block credit: a buyer and a network may have few at once, and a buyer who let several expire has
 * to wait. Accepted offers do not count: their seller agreed to wait.
 * Call it in the block that creates the checkout, behind `lockBuyer`. It locks the network's count until the block ends.
 * @throws 422 `too_much_unpaid` on the amount, 429 `unpaid_wait`.
 */
export async function requireRoomForUnpaid(tx: Ctx, starter: Starter, priceCents: bigint, rules: UnpaidRules): Promise<void> {
  const { buyerId, network } = starter;
  if (network) await tx.db.sql`select pg_advisory_xact_lock(hashtext(${`network:${network}`}))`;
  const since = addMs(tx.now, -rules.unpaidWaitMinutes * MINUTE_MS);
  const [row] = await tx.db.sql<Row[]>`
    with mine as (
      select state, total_cents, ended_at, created_at from checkouts
      where buyer_id = ${idToUuid(buyerId)}::uuid and offer_id is null and state <> 'paid' and (ended_at is null or ended_at > ${since.toISOString()}::timestamptz)
    ), ended as (
      select ended_at from mine where ended_at >= created_at + make_interval(mins => ${HARMLESS_MINUTES}::int)
    ), others as (
      select total_cents from checkouts where network = ${network}::text and offer_id is null and state in ('starting', 'open')
    )
    select (select count(*) from mine where ended_at is null)::int as open,
      (select coalesce(sum(total_cents), 0) from mine where ended_at is null)::text as open_cents,
      (select count(*) from ended)::int as ended, (select max(ended_at) from ended) as last_ended_at,
      (select count(*) from others)::int as network_open, (select coalesce(sum(total_cents), 0) from others)::text as network_cents`;
  if (!row) throw new Error('The unpaid checkouts could not be counted.');
  if (row.ended >= rules.unpaidEndsBeforeWait && row.last_ended_at) throw mustWait(tx, row.ended, new Date(row.last_ended_at), rules);
  if (row.open >= rules.maxUnpaidPurchases) throw tooMany(row.open);
  if (BigInt(row.open_cents) + priceCents > BigInt(rules.maxUnpaidCents)) throw tooMuch(BigInt(row.open_cents), rules);
  if (
    row.network_open >= rules.networkMaxUnpaidPurchases ||
    (network && BigInt(row.network_cents) + priceCents > BigInt(rules.networkMaxUnpaidCents))
  )
    throw tooMuchOfNetwork();
}

function mustWait(ctx: Ctx, ended: number, lastEndedAt: Date, rules: UnpaidRules): DomainError {
  const until = addMs(lastEndedAt, rules.unpaidWaitMinutes * MINUTE_MS);
  const seconds = Math.max(1, Math.ceil((until.getTime() - ctx.now.getTime()) / 1000));
  return new DomainError(
    'unpaid_wait',
    `${ended} of your purchases were reserved and not paid, which kept their credit from others. You can buy again after ${formatDateTime(until)}.`,
    429,
    { facts: { retryAfterSeconds: String(seconds) } },
  );
}

function tooMany(open: number): DomainError {
  return invalid(
    'amount',
    `You have ${open} unpaid ${open === 1 ? 'purchase' : 'purchases'} open, the most at once. Pay or cancel one, then buy again.`,
    'too_much_unpaid',
  );
}

function tooMuch(openCents: bigint, rules: UnpaidRules): DomainError {
  const limit = BigInt(rules.maxUnpaidCents);
  const left = limit > openCents ? limit - openCents : 0n;
  const most = `At most ${formatCents(limit)} can wait for payment at once`;
  const sentence =
    openCents === 0n
      ? `${most}. Enter an amount that costs less, pay it, then buy the rest.`
      : `${most}, and your unpaid purchases take ${formatCents(openCents)} of it: ${formatCents(left)} is left. Pay or cancel one first, or enter less.`;
  return invalid('amount', sentence, 'too_much_unpaid');
}

function tooMuchOfNetwork(): DomainError {
  return invalid(
    'amount',
    'Too many unpaid purchases are open from your network. Pay or cancel yours, enter less, or try again in an hour.',
    'too_much_unpaid',
  );
}
