import { sql, type SQL } from 'drizzle-orm';
import { verifyAuditChain } from '~/modules/audit/index.server';
import type { Ctx } from '~/platform/context';

export interface BrokenInvariant {
  /** Number and name as in docs/ledger.md and the plan of the money's rules. */
  rule: string;
  /** The ids that break it, at most twenty. */
  subjects: string[];
}

interface Rule {
  name: string;
  /** Selects one text column `subject` per violation; `now` is the context's clock. */
  violations(now: SQL): SQL;
}

const tokenPattern = '(r8_[A-Za-z0-9]{37}|sk_(test|live)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/]{16,}|cmk_[A-Za-z0-9_]{40,})';

const rules: Rule[] = [
  {
    name: '1 a balance row equals its postings',
    violations: () => sql`
      select a.kind || ':' || a.owner_id as subject from ledger_accounts a
      left join lateral (select coalesce(sum(p.amount_cents), 0) as total from ledger_postings p where p.credit_account_id = a.id) c on true
      left join lateral (select coalesce(sum(p.amount_cents), 0) as total from ledger_postings p where p.debit_account_id = a.id) d on true
      where a.balance_cents is not null and abs(c.total - d.total) <> abs(a.balance_cents)`,
  },
  {
    name: '2 what a listing reserved is what is set aside',
    violations: () => sql`
      select l.id::text as subject from listings l
      where l.reserved_nano <> (select coalesce(sum(r.amount_nano), 0) from reservations r where r.listing_id = l.id and r.state = 'live')`,
  },
  {
    name: '2 what a listing sold is what its grants hold',
    violations: () => sql`
      select l.id::text as subject from listings l
      where l.sold_nano <> (
        select coalesce(sum(g.purchased_nano - case when t.state = 'refunded' then g.returned_nano else 0 end), 0)
        from grants g join transactions t on t.id = g.transaction_id where g.listing_id = l.id)`,
  },
  {
    name: '3 paid = held + released + fee + refunded',
    violations: () => sql`
      select t.id::text as subject from transactions t join payments p on p.checkout_id = t.checkout_id
      where t.price_cents <> t.refunded_cents + t.released_seller_cents + t.released_fee_cents
        + coalesce((select abs(a.balance_cents) from ledger_accounts a where a.kind = 'held' and a.owner_id = 'txn_' || replace(t.id::text, '-', '')), 0)`,
  },
  {
    name: '4 refunds stay within the payment',
    violations: () => sql`
      select p.id::text as subject from payments p
      where (select coalesce(sum(r.amount_cents), 0) from refunds r where r.payment_id = p.id and r.state <> 'failed') > p.amount_cents`,
  },
  {
    name: '5 what a grant authorized and captured is what its runs say',
    violations: () => sql`
      select g.id::text as subject from grants g
      left join lateral (
        select coalesce(sum(r.authorized_nano) filter (where r.state in ('authorized', 'unknown')), 0) as open,
               coalesce(sum(r.captured_nano) filter (where r.state = 'captured'), 0) as captured
        from runs r where r.grant_id = g.id) r on true
      where g.authorized_nano <> r.open or g.captured_nano <> r.captured`,
  },
  {
    name: '6 released is never more than due',
    violations: () => sql`
      select t.id::text as subject from transactions t join grants g on g.transaction_id = t.id
      where t.state in ('delivered', 'frozen', 'refunded') and g.purchased_nano > 0
        and (t.released_seller_cents > t.seller_total_cents * g.captured_nano / g.purchased_nano
          or t.released_fee_cents > t.fee_cents * g.captured_nano / g.purchased_nano)`,
  },
  {
    name: '7 nothing is released before it is paid',
    violations: () => sql`
      select t.id::text as subject from transactions t
      where t.released_seller_cents + t.released_fee_cents > 0 and not exists (select 1 from payments p where p.checkout_id = t.checkout_id)`,
  },
  {
    name: '8 a checkout is paid if and only if it has a payment',
    violations: () => sql`
      select c.id::text as subject from checkouts c
      where (c.state = 'paid') <> exists (select 1 from payments p where p.checkout_id = c.id)`,
  },
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
    violations: (now) => sql`select g.id::text as subject from grants g where g.state in ('open', 'frozen') and g.ends_at < ${now} - interval '1 hour'`,
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
      union all select 'run ' || id::text from runs where final_body::text ~ ${tokenPattern} or price_facts::text ~ ${tokenPattern}`,
  },
];

/** Checks every rule of the money and the states on the whole database; an empty answer means that all hold. Reads only. */
export async function checkInvariants(ctx: Ctx): Promise<BrokenInvariant[]> {
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const broken: BrokenInvariant[] = [];
  for (const rule of rules) {
    const rows = await ctx.db.execute<{ subject: string }>(sql`select subject from (${rule.violations(now)}) v limit 20`);
    if (rows.length > 0) broken.push({ rule: rule.name, subjects: rows.map((row) => row.subject) });
  }
  const badAudit = await verifyAuditChain(ctx);
  if (badAudit !== null) broken.push({ rule: '16 the audit chain verifies', subjects: [`audit ${badAudit}`] });
  return broken;
}
