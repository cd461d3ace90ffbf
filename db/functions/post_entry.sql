-- Writes one ledger entry in one round trip. Each account occurs once in the arrays, and postings refer to it by position. `p_deltas` is
-- the change of an owner's balance, null for the platform's accounts. Returns false if the reference was used before.
CREATE OR REPLACE FUNCTION post_entry(p_entry uuid, p_kind text, p_reference text, p_at timestamptz,
  p_new_accounts uuid[], p_kinds text[], p_owners text[], p_deltas bigint[], p_debits int[], p_credits int[], p_cents bigint[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_accounts uuid[];
BEGIN
  INSERT INTO ledger_entries (id, kind, reference, occurred_at) VALUES (p_entry, p_kind, p_reference, p_at) ON CONFLICT (reference) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO ledger_accounts (id, kind, owner_id, balance_cents)
    SELECT n.id, n.kind, n.owner, CASE WHEN n.delta IS NOT NULL THEN 0 END
    FROM unnest(p_new_accounts, p_kinds, p_owners, p_deltas) AS n (id, kind, owner, delta)
    WHERE NOT EXISTS (SELECT 1 FROM ledger_accounts a WHERE a.kind = n.kind AND a.owner_id = n.owner AND a.asset = 'usd')
    ON CONFLICT (kind, owner_id, asset) DO NOTHING;
  -- A statement of its own: it sees an account that another entry has made meanwhile.
  v_accounts := ARRAY(SELECT (SELECT a.id FROM ledger_accounts a WHERE a.kind = n.kind AND a.owner_id = n.owner AND a.asset = 'usd')
    FROM unnest(p_kinds, p_owners) WITH ORDINALITY AS n (kind, owner, place) ORDER BY place);
  INSERT INTO ledger_postings (entry_id, line, debit_account_id, credit_account_id, amount_cents)
    SELECT p_entry, l.line, v_accounts[l.debit], v_accounts[l.credit], l.cents
    FROM unnest(p_debits, p_credits, p_cents) WITH ORDINALITY AS l (debit, credit, cents, line);
  -- In the order of ids, so that two entries that share accounts wait for each other instead of locking each other out.
  PERFORM 1 FROM ledger_accounts a JOIN unnest(v_accounts, p_deltas) AS d (id, delta) USING (id) WHERE d.delta <> 0 ORDER BY a.id FOR UPDATE OF a;
  UPDATE ledger_accounts a SET balance_cents = a.balance_cents + d.delta FROM unnest(v_accounts, p_deltas) AS d (id, delta)
    WHERE a.id = d.id AND d.delta <> 0;
  RETURN true;
END $$;
