-- Reserves the bounds of many runs in one commit. Locks keys, then grants, then handles the requests in order: each takes the first grant
-- with enough credit; grants of throttled lots come last. A repeat of a create with a lost answer gets its run. Called by authorize-run.
-- The plan settings matter: the first plan may be made for empty tables, and planning each call costs more than the call.
CREATE OR REPLACE FUNCTION authorize_runs(p_now timestamptz, p_runs uuid[], p_buyers uuid[], p_keys uuid[], p_models text[], p_versions text[], p_prices uuid[], p_facts text[], p_max bigint[], p_min bigint[], p_hashes text[], p_idempotency text[], p_except text[], p_deadlines timestamptz[], p_checks timestamptz[])
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
  j int;
BEGIN
  SELECT array_agg(id), array_agg(buyer_id), array_agg(cap_nano), array_agg(CASE WHEN spent_day = v_day THEN spent_nano ELSE 0 END), array_agg(false)
    INTO v_keys, v_key_buyers, v_caps, v_spent, v_used
    FROM (SELECT * FROM access_keys WHERE id = ANY (p_keys) AND revoked_at IS NULL ORDER BY id FOR NO KEY UPDATE) a;
  SELECT array_agg(id ORDER BY buyer_id, slow, ends_at, id), array_agg(buyer_id ORDER BY buyer_id, slow, ends_at, id), array_agg(listing_id ORDER BY buyer_id, slow, ends_at, id),
      array_agg(secret_id ORDER BY buyer_id, slow, ends_at, id), array_agg(available_nano ORDER BY buyer_id, slow, ends_at, id)
    INTO v_grants, v_owners, v_listings, v_secrets, v_had
    FROM (SELECT *, coalesce(slow_until_at > p_now, false) AS slow FROM grants WHERE buyer_id = ANY (p_buyers) AND provider = 'replicate' AND state = 'open' AND ends_at > p_now AND available_nano > 0
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
    -- The first grant that carries the whole bound; where none does, the fullest, down to the least.
    g := NULL;
    j := array_position(v_owners, p_buyers[i]);
    WHILE v_owners[j] = p_buyers[i] LOOP
      IF v_left[j] >= p_min[i] AND NOT v_grants[j] = ANY (p_except[i]::uuid[]) THEN
        IF g IS NULL OR v_left[j] > v_left[g] THEN g := j; END IF;
        EXIT WHEN v_left[j] >= least(p_max[i], v_room);
      END IF;
      j := j + 1;
    END LOOP;
    IF g IS NULL THEN outcome := 'not_enough_credit'; RETURN NEXT; CONTINUE; END IF;
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
