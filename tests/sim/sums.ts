import { sql } from 'drizzle-orm';
import { parseUsdToNano } from '~/platform/money';
import { Defect } from './outcome';
import type { Sim } from './sim';

/** Our ledger and Stripe's balance agree to the cent: charges, refunds, fees and the remainder. */
export async function agreeWithStripe(sim: Sim): Promise<void> {
  const { chargedCents, refundedCents, feeCents } = sim.world.stripe.control.money();
  const [ours] = await sim.world.system().db.execute<Record<'paid' | 'refunded' | 'fees' | 'balance', string>>(sql`
    select (select coalesce(sum(amount_cents), 0) from payments)::text as paid,
      (select coalesce(sum(amount_cents), 0) from refunds where state = 'succeeded')::text as refunded,
      (select coalesce(sum(stripe_fee_cents), 0) from payments)::text as fees,
      (select coalesce(sum(case when a.id = p.debit_account_id then p.amount_cents else -p.amount_cents end), 0)
        from ledger_accounts a join ledger_postings p on a.id in (p.debit_account_id, p.credit_account_id)
        where a.kind = 'stripe_balance')::text as balance`);
  const pairs = [
    ['charges', ours?.paid, chargedCents],
    ['refunds', ours?.refunded, refundedCents],
    ['fees', ours?.fees, feeCents],
    ['balance', ours?.balance, chargedCents - refundedCents - feeCents],
  ] as const;
  for (const [what, here, there] of pairs)
    if (Number(here) !== there) throw new Defect(`invariant “our book is Stripe’s”: ${what} are ${here} cents here and ${there} there`);
}

interface SettledRun extends Record<string, unknown> {
  id: string;
  upstream_id: string;
  captured: string;
  estimated: boolean;
  exposed: boolean;
}

/** No buyer pays more than Replicate charged; what Replicate charged and no buyer pays is recorded as an exposure. */
export async function agreeWithReplicate(sim: Sim): Promise<void> {
  const charged = new Map(
    sim.world.replicate.control.predictions().map(({ id, chargedUsd }) => [id, parseUsdToNano(chargedUsd) ?? 0n] as const),
  );
  const settled = await sim.world.system().db.execute<SettledRun>(sql`
    select r.id::text, r.upstream_id, r.captured_nano::text as captured, r.estimated,
      exists (select 1 from exposures e where e.run_id = r.id) as exposed
    from runs r where r.upstream_id is not null`);
  for (const run of settled) {
    const there = charged.get(run.upstream_id) ?? 0n;
    const here = BigInt(run.captured);
    if (run.estimated || run.exposed || here === there) continue;
    throw new Defect(`invariant “a run costs what Replicate charged”: ${run.id} is ${here} nano here and ${there} there`);
  }
}
