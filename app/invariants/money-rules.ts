import { sql } from 'drizzle-orm';
import { creditNormal } from '~/modules/ledger/ledger-accounts';
import type { Rule } from './rule';

/** Rules 1 to 8: the ledger, quantities, payments and where the money went. */
export const moneyRules: Rule[] = [
  {
    name: '1 a balance row equals its postings',
    violations: () => sql`
      select a.kind || ':' || a.owner_id as subject from ledger_accounts a
      left join lateral (select coalesce(sum(p.amount_cents), 0) as total from ledger_postings p where p.credit_account_id = a.id) c on true
      left join lateral (select coalesce(sum(p.amount_cents), 0) as total from ledger_postings p where p.debit_account_id = a.id) d on true
      where a.balance_cents is not null
        and a.balance_cents <> case when a.kind = any(${sql.raw(`array['${creditNormal.join("','")}']`)}) then c.total - d.total else d.total - c.total end`,
  },
  {
    name: '1 an entry has postings',
    violations: () => sql`
      select e.reference as subject from ledger_entries e where not exists (select 1 from ledger_postings p where p.entry_id = e.id)`,
  },
  {
    name: '1 what stands on clearing is what is on its way to a card',
    violations: () => sql`
      select 'refund_clearing' as subject from (
        select coalesce(sum(case when a.id = p.credit_account_id then p.amount_cents else -p.amount_cents end), 0) as total
        from ledger_accounts a join ledger_postings p on a.id in (p.credit_account_id, p.debit_account_id) where a.kind = 'refund_clearing') c
      where c.total <> (select coalesce(sum(r.amount_cents), 0) from refunds r where r.state in ('requested', 'failed'))`,
  },
  {
    name: '2 what a listing reserved is what is set aside',
    violations: () => sql`
      select l.id::text as subject from listings l
      where l.reserved_nano <> (select coalesce(sum(r.credit_nano), 0) from reservations r where r.listing_id = l.id and r.state = 'live')`,
  },
  {
    name: '2 what a listing sold is what its grants hold',
    violations: () => sql`
      select l.id::text as subject from listings l
      where l.sold_nano <> (
        select coalesce(sum(g.credit_nano - t.given_back_nano), 0)
        from grants g join transactions t on t.id = g.transaction_id where g.listing_id = l.id)`,
  },
  {
    name: '2 what was paid for is what was set aside for it',
    violations: () => sql`
      select g.id::text as subject from grants g join transactions t on t.id = g.transaction_id
      where g.credit_nano <> t.credit_nano or not exists (
        select 1 from reservations r
        where r.checkout_id = t.checkout_id and r.listing_id = t.listing_id and r.state = 'sold' and r.credit_nano = t.credit_nano)`,
  },
  {
    name: '2 a listing that has ended has nothing on sale',
    violations: () =>
      sql`select l.id::text as subject from listings l where l.state in ('failed', 'withdrawn', 'expired') and l.available_nano <> 0`,
  },
  {
    name: '3 what a checkout asks for is what its purchases cost',
    violations: () => sql`
      select c.id::text as subject from checkouts c
      where c.total_cents <> (select coalesce(sum(t.price_cents), 0) from transactions t where t.checkout_id = c.id)
      union all
      select p.id::text from payments p join checkouts c on c.id = p.checkout_id where p.amount_cents <> c.total_cents`,
  },
  {
    name: '3 nothing is held for what was not paid',
    violations: () => sql`
      select t.id::text as subject from transactions t
      join ledger_accounts a on a.kind = 'held' and a.owner_id = 'txn_' || replace(t.id::text, '-', '')
      where a.balance_cents <> 0 and not exists (select 1 from payments p where p.checkout_id = t.checkout_id)`,
  },
  {
    name: '3 what a purchase refunded is what its refunds say',
    violations: () => sql`
      select t.id::text as subject from transactions t
      where t.refunded_cents <> (select coalesce(sum(r.amount_cents), 0) from refunds r where r.transaction_id = t.id and r.state <> 'withdrawn')`,
  },
  {
    name: '3 what a seller is owed is what was released',
    violations: () => sql`
      select a.owner_id as subject from ledger_accounts a
      where a.kind = 'seller_payable' and a.balance_cents <> (
        select coalesce(sum(t.released_seller_cents), 0) from transactions t where 'usr_' || replace(t.seller_id::text, '-', '') = a.owner_id)`,
  },
  {
    name: '3 what the platform lost on its purchases is what stands on losses',
    violations: () => sql`
      select 'losses' as subject from (
        select coalesce(sum(case when a.id = p.debit_account_id then p.amount_cents else -p.amount_cents end), 0) as total
        from ledger_accounts a join ledger_postings p on a.id in (p.credit_account_id, p.debit_account_id) where a.kind = 'losses') l
      where l.total <> (select coalesce(sum(t.lost_cents), 0) from transactions t)`,
  },
  {
    name: '3 paid + lost = held + released + fee + refunded',
    violations: () => sql`
      select t.id::text as subject from transactions t join payments p on p.checkout_id = t.checkout_id
      where t.price_cents + t.lost_cents <> t.refunded_cents + t.released_seller_cents + t.released_fee_cents
        + coalesce((select a.balance_cents from ledger_accounts a where a.kind = 'held' and a.owner_id = 'txn_' || replace(t.id::text, '-', '')), 0)`,
  },
  {
    name: '4 refunds stay within the payment',
    violations: () => sql`
      select p.id::text as subject from payments p
      where (select coalesce(sum(r.amount_cents), 0) from refunds r where r.payment_id = p.id and r.state in ('requested', 'succeeded')) > p.amount_cents`,
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
    name: '5 nobody can burn what went back to the card',
    violations: () => sql`
      select g.id::text as subject from grants g join transactions t on t.id = g.transaction_id
      where g.available_nano > 0 and g.returned_nano::numeric * t.price_cents < t.refunded_cents::numeric * g.credit_nano
         or t.state <> 'completed' and g.state in ('open', 'frozen') and g.returned_nano <> t.given_back_nano`,
  },
  {
    name: '5 what was burned by day is what the grants captured',
    violations: () => sql`
      select coalesce(d.listing_id, g.listing_id)::text as subject
      from (select buyer_id, listing_id, sum(burned_nano) as burned from daily_burns group by 1, 2) d
      full join (select buyer_id, listing_id, sum(captured_nano) as captured from grants where captured_nano > 0 group by 1, 2) g using (buyer_id, listing_id)
      where d.burned is distinct from g.captured`,
  },
  {
    name: '5 what a listing burned is what was counted of it',
    violations: () => sql`
      select l.id::text as subject from listings l
      where l.burned_nano <> (select coalesce(sum(d.counted_nano), 0) from daily_burns d where d.listing_id = l.id)`,
  },
  {
    name: '6 released is never more than due',
    violations: () => sql`
      select t.id::text as subject from transactions t join grants g on g.transaction_id = t.id
      where t.state in ('delivered', 'frozen', 'refunded') and g.credit_nano > 0
        and (t.released_seller_cents > t.seller_total_cents * g.captured_nano / g.credit_nano
          or t.released_fee_cents > t.fee_cents * g.captured_nano / g.credit_nano)`,
  },
  {
    name: '6 what has ended is shared out to the cent',
    violations: () => sql`
      select t.id::text as subject from transactions t left join grants g on g.transaction_id = t.id
      where (t.state = 'completed' and (t.released_seller_cents + t.released_fee_cents <> t.price_cents + t.lost_cents - t.refunded_cents
           or t.released_seller_cents <> t.seller_total_cents - ceil(t.seller_total_cents::numeric * (t.refunded_cents - t.lost_cents) / t.price_cents)))
         or (t.state = 'refunded' and (t.refunded_cents <> t.price_cents + t.lost_cents - t.released_seller_cents - t.released_fee_cents
           or t.released_seller_cents <> coalesce(t.seller_total_cents * g.captured_nano / g.credit_nano, 0)
           or t.released_fee_cents <> coalesce(t.fee_cents * g.captured_nano / g.credit_nano, 0)))`,
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
];
