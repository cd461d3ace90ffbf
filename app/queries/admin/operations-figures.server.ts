import { sql } from 'drizzle-orm';
import type { Ctx } from '~/platform/context';

/** One number to monitor. `label` has few values: a state, a task, a rule; never an id. */
export interface Figure {
  name: string;
  label: string;
  value: number;
}

/**
 * Figures from the database to monitor: one statement over partial indexes and small tables, cheap enough to run every few seconds.
 * Amounts in cents, spans in seconds. The code bounds the labels of a figure, not the number of users.
 */
export async function operationsFigures(ctx: Ctx): Promise<Figure[]> {
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const age = (oldest: ReturnType<typeof sql>) => sql`coalesce(greatest(extract(epoch from ${now} - min(${oldest})), 0), 0)`;
  const rows = await ctx.db.execute<{ name: string; label: string; value: string }>(sql`
    with job as materialized (
      select task_identifier, case when attempts >= max_attempts then 'dead' when locked_at is not null then 'running'
          when run_at > now() then 'later' else 'ready' end as state, run_at, last_error
      from graphile_worker.jobs),
    run as materialized (select state, created_at from runs where state in ('authorized', 'unknown')),
    refund as materialized (
      select amount_cents, created_at, case when state = 'failed' then 'bounced' when refusal is not null then 'refused' else 'waiting' end as state
      from refunds where state <> 'succeeded'),
    checkout as materialized (select state, total_cents, created_at from checkouts where state in ('starting', 'open')),
    event as materialized (
      select extract(epoch from processed_at - received_at) as lag from stripe_events
      where processed_at > received_at and received_at > ${now} - interval '10 minutes')
    select 'jobs' as name, state as label, count(*)::text as value from job group by state
    union all select 'job_oldest_ready_seconds', '', coalesce(greatest(extract(epoch from now() - min(run_at)), 0), 0)::text from job where state = 'ready'
    union all select 'jobs_failing', task_identifier, count(*)::text from job where last_error is not null group by task_identifier
    union all select 'open_runs', state, count(*)::text from run group by state
    union all select 'open_run_oldest_seconds', state, ${age(sql`created_at`)}::text from run group by state
    union all select 'exposures_cents', reason, ceil(sum(amount_nano) / 1e7)::text from exposures
      where created_at > ${now} - interval '30 days' group by reason
    union all select 'refunds', state, count(*)::text from refund group by state
    union all select 'refunds_cents', state, sum(amount_cents)::text from refund group by state
    union all select 'refund_oldest_seconds', state, ${age(sql`created_at`)}::text from refund group by state
    union all select 'checkouts', state, count(*)::text from checkout group by state
    union all select 'checkouts_cents', state, sum(total_cents)::text from checkout group by state
    union all select 'checkout_oldest_seconds', state, ${age(sql`created_at`)}::text from checkout group by state
    union all select 'held_cents', state, sum(price_cents + lost_cents - refunded_cents - released_seller_cents - released_fee_cents)::text
      from transactions where state in ('delivered', 'frozen') group by state
    union all select 'transactions', state, count(*)::text from transactions where state in ('delivered', 'frozen') group by state
    union all select 'webhook_lag_seconds', 'median', coalesce(percentile_cont(0.5) within group (order by lag), 0)::text from event
    union all select 'webhook_lag_seconds', 'longest', coalesce(max(lag), 0)::text from event
    union all select 'webhooks_waiting', '', count(*)::text from stripe_events where processed_at is null
    union all select 'webhook_oldest_waiting_seconds', '', ${age(sql`received_at`)}::text from stripe_events where processed_at is null
    union all select 'mail_undelivered', '', count(*)::text from mail_outbox
      where sent_at is null and failure is not null and created_at > ${now} - interval '7 days'
    union all select 'workers', '', count(*)::text from workers where seen_at > now() - interval '1 minute'
    union all select 'invariant_broken', rule, case outcome when 'broken' then jsonb_array_length(subjects) when 'holds' then 0 else -1 end::text from invariant_checks
    union all select 'invariant_checked_seconds', rule, extract(epoch from ${now} - checked_at)::text from invariant_checks`);
  return rows.map(({ name, label, value }) => ({ name, label, value: Number(value) }));
}
