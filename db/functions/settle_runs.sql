-- Captures or voids many runs in one commit. Only open runs change, so of two callers that settle a run, one wins. Locks: runs, keys,
-- grants by buyer and id, burns of the day. Called by settle-run.
CREATE OR REPLACE FUNCTION settle_runs(p_now timestamptz, p_runs uuid[], p_buyers uuid[], p_states text[], p_costs bigint[], p_estimated boolean[], p_upstream_ids text[], p_statuses text[], p_metrics text[], p_bodies text[], p_exposures text[], p_exposure_ids uuid[])
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
      final_body = x.body, settled_at = p_now, next_check_at = NULL,
      idempotency_key = CASE WHEN x.state = 'voided' AND a.upstream_id IS NULL THEN NULL ELSE a.idempotency_key END
    -- By the key alone: a plan made while few runs are open would walk all of them by their state.
    FROM x WHERE a.buyer_id = x.buyer AND a.id = x.run AND a.state || '' IN ('authorized', 'unknown')
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
