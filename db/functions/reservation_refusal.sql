-- Why a listing cannot serve a request; null if it can. reserve_quantity itself checks for a shared provider account.
CREATE OR REPLACE FUNCTION reservation_refusal(l listings, p_now timestamptz, p_buyer uuid, p_amount bigint, p_shown_bps int, p_min_cents bigint, p_min_days int) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN l.seller_id = p_buyer THEN 'own_listing'
    WHEN l.state <> 'active' OR l.secret_id IS NULL THEN 'not_on_sale'
    WHEN l.credit_expires_at <= p_now + make_interval(days => p_min_days) THEN 'too_late'
    -- A price that fell since it was shown is no reason to refuse: the lower one is charged.
    WHEN l.discount_bps < p_shown_bps THEN 'price_changed'
    WHEN p_amount > l.available_nano THEN 'sold_out'
    WHEN p_amount < reservation_minimum(l, p_shown_bps, p_min_cents) AND p_amount <> l.available_nano THEN 'below_minimum'
  END
$$;
