import { sql } from 'drizzle-orm';
import type { Rule } from './rule';

const idText = (prefix: string, id: string) => sql.raw(`'${prefix}_' || replace(${id}::text, '-', '')`);

/**
 * Rule 17: nothing stays open longer than its sweep needs, even if one run of the sweep is missed. It holds only with workers, so tests
 * that move the clock without them check the other rules.
 */
export const timeRules: Rule[] = [
  {
    name: '17 no run is open an hour past its deadline',
    // reconcile-runs gives it back after an hour and needs a moment to run.
    violations: (now) => sql`
      select r.id::text as subject from runs r
      where r.state in ('authorized', 'unknown') and r.deadline_at < ${now} - interval '75 minutes'`,
  },
  {
    name: '17 no refund waits a day for open runs',
    violations: (now) => sql`
      select t.id::text as subject from transactions t
      where t.state = 'frozen' and t.closing_reason is not null and coalesce(
        (select max(e.created_at) from transaction_events e where e.transaction_id = t.id and e.kind = 'closing'), t.created_at)
        < ${now} - interval '1 day'`,
  },
  {
    name: '17 no refund stays on clearing',
    // A refund that Stripe or a bank refused waits for a person, who has a week.
    violations: (now) => sql`
      select r.id::text as subject from refunds r
      where r.state <> 'succeeded' and r.created_at < ${now}
        - case when r.state = 'requested' and r.refusal is null then interval '1 day' else interval '7 days' end`,
  },
  {
    name: '17 a reservation has its reason: a page at Stripe, an accepted offer, or two minutes',
    violations: (now) => sql`
      select r.id::text as subject from reservations r left join checkouts c on c.id = r.checkout_id
      where r.state = 'live' and r.created_at < ${now} - interval '5 minutes' and case
        when c.id is null then true
        when c.state = 'open' then c.stripe_session_id is null
        when c.state = 'starting' then c.created_at < ${now} - interval '1 hour'
          and not exists (select 1 from offers o where o.checkout_id = c.id and o.state = 'accepted')
        else true end`,
  },
  {
    name: '17 an accepted offer has its reservation',
    violations: () => sql`
      select o.id::text as subject from offers o
      where o.state = 'accepted' and not exists (select 1 from reservations r where r.checkout_id = o.checkout_id and r.state = 'live')`,
  },
  {
    name: '17 no checkout is open past its time',
    // It ends only on Stripe's word, and Stripe may be down for hours.
    violations: (now) => sql`
      select c.id::text as subject from checkouts c
      where c.state in ('starting', 'open') and c.expires_at < ${now} - interval '6 hours'`,
  },
  {
    name: '17 no offer is open past its time',
    violations: (now) => sql`
      select o.id::text as subject from offers o where o.state = 'open' and o.expires_at < ${now} - interval '1 hour'`,
  },
  {
    name: '17 no purchase is frozen past the time to mend its lot',
    violations: (now) => sql`
      select t.id::text as subject from transactions t join listings l on l.id = t.listing_id
      where t.state = 'frozen' and t.closing_reason is null and l.mend_until_at < ${now} - interval '1 hour'`,
  },
  {
    name: '17 no grant is frozen past the time to mend its lot',
    violations: (now) => sql`
      select g.id::text as subject from grants g
      join listings l on l.id = g.listing_id join transactions t on t.id = g.transaction_id
      where g.state = 'frozen' and t.closing_reason is null and l.mend_until_at < ${now} - interval '1 hour'`,
  },
  {
    name: '17 no purchase is held past its settlement day',
    violations: (now) => sql`
      select t.id::text as subject from transactions t
      where t.state = 'delivered' and t.settlement_at < ${now} - interval '1 day'`,
  },
  {
    name: '17 no event of Stripe waits for an hour',
    violations: (now) => sql`
      select e.id as subject from stripe_events e where e.processed_at is null and e.received_at < ${now} - interval '1 hour'`,
  },
  {
    name: '17 no call to Stripe that is still needed waits a day for its outcome',
    violations: (now) => sql`
      select s.idempotency_key as subject from stripe_calls s
      where s.outcome in ('pending', 'unknown') and s.created_at < ${now} - interval '25 hours' and (
        exists (select 1 from refunds r where r.state = 'requested' and r.refusal is null
          and ${idText('rfd', 'r.id')} = split_part(s.idempotency_key, ':', 1))
        or exists (select 1 from checkouts c where c.state = 'starting' and ${idText('chk', 'c.id')} = s.idempotency_key))`,
  },
  {
    name: '17 every mail is tried within a day',
    // Mail that a server refused has its own metric and alarm: a wrong address is not our fault.
    violations: (now) => sql`
      select 'mail ' || m.id::text as subject from mail_outbox m
      where m.sent_at is null and m.failure is null and m.created_at < ${now} - interval '1 day'`,
  },
  {
    name: '17 no text of an access key is kept past its time',
    violations: (now) => sql`
      select k.id::text as subject from access_keys k
      where k.secret_id is not null and k.visible_until_at < ${now} - interval '1 hour'`,
  },
];
