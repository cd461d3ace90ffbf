DROP INDEX "runs_upstream";--> statement-breakpoint
DROP INDEX "runs_idempotency";--> statement-breakpoint
CREATE INDEX "runs_upstream" ON "runs" USING btree ("upstream_id") WHERE "runs"."upstream_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "runs_idempotency" ON "runs" USING btree ("buyer_id","idempotency_key") WHERE "runs"."idempotency_key" is not null;--> statement-breakpoint
-- Sets the bounds of runs aside, each as if it came alone, in one commit: the keys are locked once, then the wallets' grants, and the
-- requests are walked in their order. A lost answer of the same key and body is taken up instead. Called by authorize-run only.
-- The plans are kept, from when the tables may still be empty: hence the settings. Planned anew each time they cost more than they do.
CREATE FUNCTION authorize_runs(p_now timestamptz, p_runs uuid[], p_buyers uuid[], p_keys uuid[], p_models text[], p_versions text[], p_prices uuid[], p_facts text[], p_max bigint[], p_min bigint[], p_hashes text[], p_idempotency text[], p_except text[], p_deadlines timestamptz[], p_checks timestamptz[])
RETURNS TABLE (request int, outcome text, run_id uuid, grant_id uuid, listing_id uuid, secret_id uuid, amount_nano text)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_day text := to_char(p_now AT TIME ZONE 'UTC', 'YYYY-MM-DD');
  v_lost boolean;
  v_keys uuid[]; v_key_buyers uuid[]; v_caps bigint[]; v_spent bigint[]; v_used boolean[];
  v_grants uuid[]; v_owners uuid[]; v_listings uuid[]; v_secrets uuid[]; v_had bigint[]; v_left bigint[];
  v_taken uuid[]; v_amounts bigint[]; v_of_listing uuid[]; v_of_secret uuid[];
  v_room bigint;
  k int;
  g int;
BEGIN
  SELECT array_agg(id), array_agg(buyer_id), array_agg(cap_nano), array_agg(CASE WHEN spent_day = v_day THEN spent_nano ELSE 0 END), array_agg(false)
    INTO v_keys, v_key_buyers, v_caps, v_spent, v_used
    FROM (SELECT * FROM access_keys WHERE id = ANY (p_keys) AND revoked_at IS NULL ORDER BY id FOR NO KEY UPDATE) a;
  SELECT array_agg(id ORDER BY buyer_id, ends_at, id), array_agg(buyer_id ORDER BY buyer_id, ends_at, id), array_agg(listing_id ORDER BY buyer_id, ends_at, id),
      array_agg(secret_id ORDER BY buyer_id, ends_at, id), array_agg(available_nano ORDER BY buyer_id, ends_at, id)
    INTO v_grants, v_owners, v_listings, v_secrets, v_had
    FROM (SELECT * FROM grants WHERE buyer_id = ANY (p_buyers) AND provider = 'replicate' AND state = 'open' AND ends_at > p_now AND available_nano > 0
      ORDER BY buyer_id, id FOR NO KEY UPDATE) a;
  v_left := v_had;
  v_lost := EXISTS (SELECT 1 FROM runs WHERE access_key_id = ANY (p_keys) AND body_hash = ANY (p_hashes) AND answer_lost_at > p_now - interval '10 seconds');
  v_taken := array_fill(NULL::uuid, ARRAY[cardinality(p_runs)]); v_of_listing := v_taken; v_of_secret := v_taken;
  v_amounts := array_fill(NULL::bigint, ARRAY[cardinality(p_runs)]);

  FOR i IN 1 .. cardinality(p_runs) LOOP
    request := i; run_id := p_runs[i]; grant_id := NULL; listing_id := NULL; secret_id := NULL; amount_nano := NULL;
    k := array_position(v_keys, p_keys[i]);
    IF k IS NULL OR v_key_buyers[k] <> p_buyers[i] THEN outcome := 'key_revoked'; RETURN NEXT; CONTINUE; END IF;
    IF v_lost THEN
      UPDATE runs SET answer_lost_at = NULL WHERE (buyer_id, id) = (
        SELECT buyer_id, id FROM runs WHERE access_key_id = p_keys[i] AND body_hash = p_hashes[i] AND answer_lost_at > p_now - interval '10 seconds'
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id INTO run_id;
      IF FOUND THEN outcome := 'answer_lost'; RETURN NEXT; CONTINUE; END IF;
      run_id := p_runs[i];
    END IF;
    v_room := coalesce(v_caps[k] - v_spent[k], p_max[i]);
    IF v_room < p_min[i] THEN outcome := 'cap_reached'; RETURN NEXT; CONTINUE; END IF;
    g := array_position(v_owners, p_buyers[i]);
    WHILE v_owners[g] = p_buyers[i] AND (v_left[g] < p_min[i] OR v_grants[g] = ANY (p_except[i]::uuid[])) LOOP g := g + 1; END LOOP;
    IF g IS NULL OR v_owners[g] IS DISTINCT FROM p_buyers[i] THEN outcome := 'not_enough_credit'; RETURN NEXT; CONTINUE; END IF;
    v_amounts[i] := least(p_max[i], v_left[g], v_room);
    v_taken[i] := v_grants[g]; v_of_listing[i] := v_listings[g]; v_of_secret[i] := v_secrets[g];
    v_left[g] := v_left[g] - v_amounts[i];
    v_spent[k] := v_spent[k] + v_amounts[i];
    v_used[k] := true;
    outcome := 'authorized'; grant_id := v_taken[i]; listing_id := v_of_listing[i]; secret_id := v_of_secret[i]; amount_nano := v_amounts[i]::text;
    RETURN NEXT;
  END LOOP;

  UPDATE access_keys a SET spent_nano = x.spent, spent_day = v_day, last_used_at = p_now
    FROM unnest(v_keys, v_spent, v_used) x(id, spent, used) WHERE a.id = x.id AND x.used;
  UPDATE grants a SET available_nano = x.remaining, authorized_nano = a.authorized_nano + x.had - x.remaining
    FROM unnest(v_grants, v_had, v_left) x(id, had, remaining) WHERE a.id = x.id AND x.had <> x.remaining;
  INSERT INTO runs (buyer_id, id, grant_id, access_key_id, listing_id, secret_id, model, version, price_id, state, authorized_nano, price_facts,
      body_hash, idempotency_key, deadline_at, next_check_at, created_at)
    SELECT x.buyer, x.run, x.taken, x.key, x.listing, x.secret, x.model, x.version, x.price, 'authorized', x.amount, x.facts::jsonb,
      x.hash, x.idempotency, x.deadline, x.next_check, p_now
    FROM unnest(p_buyers, p_runs, v_taken, p_keys, v_of_listing, v_of_secret, p_models, p_versions, p_prices, v_amounts, p_facts, p_hashes, p_idempotency, p_deadlines, p_checks)
      x(buyer, run, taken, key, listing, secret, model, version, price, amount, facts, hash, idempotency, deadline, next_check)
    WHERE x.taken IS NOT NULL;
END $$;
--> statement-breakpoint
-- Takes what runs cost out of what was authorized for them and gives the rest back, each as if it came alone, in one commit. Only a run
-- that is still open is answered: of two that settle the same run one wins. Locks: runs, keys, grants (by buyer and id), burns of the day.
-- Called by settle-run only.
CREATE FUNCTION settle_runs(p_now timestamptz, p_runs uuid[], p_buyers uuid[], p_states text[], p_costs bigint[], p_estimated boolean[], p_upstream_ids text[], p_statuses text[], p_metrics text[], p_bodies text[], p_exposures text[], p_exposure_ids uuid[])
RETURNS TABLE (request int, grant_id uuid, transaction_id uuid, listing_id uuid, seller_id uuid, captured_nano text, grant_state text, grant_authorized_nano text)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH x AS (
    SELECT * FROM unnest(p_runs, p_buyers, p_states, p_costs, p_estimated, p_upstream_ids, p_statuses, p_metrics, p_bodies, p_exposures, p_exposure_ids)
      WITH ORDINALITY a(run, buyer, state, cost, estimated, upstream_id, status, metrics, body, exposure, exposure_id, n) ORDER BY buyer, run
  ), r AS (
    UPDATE runs a SET state = x.state, captured_nano = least(x.cost, a.authorized_nano), estimated = x.estimated,
      upstream_id = coalesce(a.upstream_id, x.upstream_id), upstream_status = coalesce(x.status, a.upstream_status), metrics = x.metrics::jsonb,
      final_body = x.body::jsonb, settled_at = p_now, next_check_at = NULL,
      idempotency_key = CASE WHEN x.state = 'voided' AND a.upstream_id IS NULL THEN NULL ELSE a.idempotency_key END
    FROM x WHERE a.buyer_id = x.buyer AND a.id = x.run AND a.state IN ('authorized', 'unknown')
    RETURNING x.n, x.cost, x.exposure, x.exposure_id, a.id, a.buyer_id, a.grant_id, a.access_key_id, a.listing_id, a.model, a.created_at,
      a.authorized_nano AS held, a.captured_nano AS captured, a.authorized_nano - a.captured_nano AS unused
  ), spent AS (
    UPDATE access_keys a SET spent_nano = greatest(0, a.spent_nano - s.unused)
    FROM (SELECT access_key_id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, sum(unused) AS unused FROM r WHERE unused > 0 GROUP BY 1, 2 ORDER BY 1) s
    WHERE a.id = s.access_key_id AND a.spent_day = s.day RETURNING a.id
  ), g AS (
    UPDATE grants a SET authorized_nano = a.authorized_nano - s.held, captured_nano = a.captured_nano + s.captured,
      available_nano = a.available_nano + CASE WHEN a.state IN ('open', 'frozen') THEN s.unused ELSE 0 END,
      returned_nano = a.returned_nano + CASE WHEN a.state IN ('open', 'frozen') THEN 0 ELSE s.unused END,
      -- The last of a grant is burned when nothing is available and no other run is under way.
      state = CASE WHEN a.state IN ('open', 'frozen') AND a.available_nano + s.unused = 0 AND a.authorized_nano = s.held THEN 'exhausted' ELSE a.state END,
      ended_at = CASE WHEN a.state IN ('open', 'frozen') AND a.available_nano + s.unused = 0 AND a.authorized_nano = s.held THEN p_now ELSE a.ended_at END
    FROM (SELECT grant_id, sum(held) AS held, sum(captured) AS captured, sum(unused) AS unused FROM r, (SELECT count(*) FROM spent) after_keys
      GROUP BY buyer_id, grant_id ORDER BY buyer_id, grant_id) s
    WHERE a.id = s.grant_id RETURNING a.*
  ), burned AS (
    INSERT INTO daily_burns (day, buyer_id, listing_id, model, seller_id, burned_nano, runs)
    SELECT to_char(p_now AT TIME ZONE 'UTC', 'YYYY-MM-DD'), r.buyer_id, r.listing_id, r.model, g.seller_id, sum(r.captured), count(*)
    FROM r JOIN g ON g.id = r.grant_id WHERE r.captured > 0 GROUP BY r.buyer_id, r.listing_id, r.model, g.seller_id ORDER BY 2, 3, 4
    ON CONFLICT (buyer_id, day, listing_id, model) DO UPDATE SET burned_nano = daily_burns.burned_nano + excluded.burned_nano, runs = daily_burns.runs + excluded.runs
  ), exposed AS (
    INSERT INTO exposures (id, buyer_id, run_id, listing_id, amount_nano, reason, created_at)
    SELECT r.exposure_id, r.buyer_id, r.id, r.listing_id, CASE WHEN r.exposure IS NULL THEN r.cost - r.captured ELSE r.held END,
      coalesce(r.exposure, 'above_authorization'), p_now
    FROM r WHERE r.exposure IS NOT NULL OR r.cost > r.captured
  )
  SELECT r.n::int, g.id, g.transaction_id, g.listing_id, g.seller_id, r.captured::text, g.state, g.authorized_nano::text FROM r JOIN g ON g.id = r.grant_id;
END $$;
