import { sql } from 'drizzle-orm';
import type { Rule } from './rule';

const tokenPattern = '(r8_[A-Za-z0-9]{37}|sk_(test|live)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/]{16,}|cmk_[A-Za-z0-9_]{40,})';

/** Rules 10 to 15: matching states, what must end in time, and no plain secrets in rows. */
export const stateRules: Rule[] = [
  {
    name: '10 a transaction stands where its checkout does',
    violations: () => sql`
      select t.id::text as subject from transactions t join checkouts c on c.id = t.checkout_id
      where (c.state in ('starting', 'open') and t.state <> 'awaiting_payment')
         or (c.state = 'paid' and t.state in ('awaiting_payment', 'expired', 'canceled'))
         or (c.state in ('expired', 'canceled') and t.state not in ('expired', 'canceled'))`,
  },
  {
    name: '10 a delivered transaction has its grant, and no other',
    violations: () => sql`
      select t.id::text as subject from transactions t left join grants g on g.transaction_id = t.id
      where (t.state in ('delivered', 'frozen', 'completed') and g.id is null)
         or (t.state in ('awaiting_payment', 'expired', 'canceled') and g.id is not null)`,
  },
  {
    name: '10 credit in doubt is looked at, or its lot waits to be mended',
    violations: () => sql`
      select l.id::text as subject from listings l
      where l.credit_doubted_at is not null and l.mend_until_at is null
        and not exists (select 1 from probes p where p.listing_id = l.id and p.state in ('waiting', 'running'))`,
  },
  {
    name: '10 nothing unburned is paid for while credit is in doubt',
    violations: () => sql`
      select t.id::text as subject from transactions t join listings l on l.id = t.listing_id join grants g on g.transaction_id = t.id
      where t.state = 'completed' and t.ended_at > l.credit_doubted_at and g.captured_nano < g.credit_nano`,
  },
  {
    name: '10 what is frozen waits for a check of its lot, or for its open runs',
    violations: () => sql`
      select t.id::text as subject from transactions t join listings l on l.id = t.listing_id
      where t.state = 'frozen' and t.closing_reason is null and l.mend_until_at is null
      union all
      select g.id::text from grants g join listings l on l.id = g.listing_id where g.state = 'frozen' and l.mend_until_at is null`,
  },
  {
    name: '10 who withdrew in time has the refund, or waits for open runs only',
    violations: () => sql`
      select t.id::text as subject from transactions t join payments p on p.checkout_id = t.checkout_id
      where t.withdrawn_at is not null
        and (t.state = 'delivered' or (t.state = 'frozen' and t.closing_reason is null)
          or t.withdrawn_at >= least(t.settlement_at, date_trunc('day', p.paid_at, 'UTC') + interval '15 days'))`,
  },
  {
    name: '10 what has ended can burn no more',
    violations: () => sql`
      select g.id::text as subject from grants g join transactions t on t.id = g.transaction_id
      where (t.state = 'refunded' and (g.state in ('open', 'frozen') or g.authorized_nano <> 0))
         or (g.state not in ('open', 'frozen') and g.available_nano <> 0)`,
  },
  {
    name: '10 an offer stands where its checkout does',
    violations: () => sql`
      select o.id::text as subject from offers o left join checkouts c on c.id = o.checkout_id and c.offer_id = o.id
      where (o.state in ('accepted', 'purchased', 'lapsed')) <> (c.id is not null)
         or (o.state = 'accepted' and c.state not in ('starting', 'open'))
         or (o.state = 'purchased' and c.state <> 'paid')
         or (o.state = 'lapsed' and c.state in ('starting', 'open'))
      union all
      select c.id::text from checkouts c left join offers o on o.id = c.offer_id and o.checkout_id = c.id where c.offer_id is not null and o.id is null`,
  },
  {
    name: '10 an offer was accepted at the price its buyer pays',
    violations: () => sql`
      select o.id::text as subject from offers o join transactions t on t.checkout_id = o.checkout_id
      where t.credit_nano <> o.credit_nano or t.discount_bps <> o.discount_bps or t.buyer_id <> o.buyer_id or t.listing_id <> o.listing_id`,
  },
  {
    name: '10 what is on sale can be delivered',
    violations: () => sql`
      select l.id::text as subject from listings l left join secrets s on s.id = l.secret_id
      where l.state = 'active' and (s.ciphertext is null or l.published_at is null or l.mend_until_at is not null)`,
  },
  {
    name: '10 a listing shows its seller as the profile says',
    violations: () => sql`
      select l.id::text as subject from listings l join seller_profiles p on p.user_id = l.seller_id
      where l.state not in ('failed', 'withdrawn', 'expired')
        and (l.seller_name, l.seller_burned_nano, l.seller_failed_lots, l.level)
          is distinct from (p.public_name, p.burned_nano, p.failed_lots, case when p.seasoned_at is null then 1 else 4 end)`,
  },
  {
    name: '13 a reservation ends with its checkout',
    violations: () => sql`
      select r.id::text as subject from reservations r join checkouts c on c.id = r.checkout_id
      where (r.state = 'live') <> (c.state in ('starting', 'open')) or (r.state = 'sold' and c.state <> 'paid')`,
  },
  {
    name: '13 a live reservation is young or belongs to an open checkout, and the reverse',
    violations: (now) => sql`
      select r.id::text as subject from reservations r
      where r.state = 'live' and r.created_at < ${now} - interval '10 minutes'
        and not exists (select 1 from checkouts c where c.id = r.checkout_id and c.state in ('starting', 'open'))
      union all
      select c.id::text from checkouts c
      where c.state in ('starting', 'open') and not exists (select 1 from reservations r where r.checkout_id = c.id and r.state = 'live')`,
  },
  {
    name: '14 no grant is open past its burn window',
    // A frozen grant waits for the check of its lot.
    violations: (now) => sql`select g.id::text as subject from grants g where g.state = 'open' and g.ends_at < ${now} - interval '1 hour'`,
  },
  {
    name: '15 no token or key stands in clear',
    violations: () => sql`
      select 'mail ' || id::text as subject from mail_outbox where text ~ ${tokenPattern} or html ~ ${tokenPattern}
      union all select 'audit ' || seq::text from audit_log where facts::text ~ ${tokenPattern}
      union all select 'listing ' || id::text from listings where state_reason ~ ${tokenPattern}
      union all select 'review ' || id::text from listing_reviews where note ~ ${tokenPattern}
      union all select 'offer ' || id::text from offers where message ~ ${tokenPattern}
      union all select 'stripe call ' || idempotency_key from stripe_calls where params::text ~ ${tokenPattern}
      union all select 'run ' || id::text from runs where final_body ~ ${tokenPattern} or price_facts::text ~ ${tokenPattern}
        or metrics::text ~ ${tokenPattern} or idempotency_key ~ ${tokenPattern}`,
  },
];
