-- As before (0003), and: an accepted offer has no minimum, since its seller agreed to the amount; credit is sold until, and not at,
-- the last day on which it may be; a request that comes again is answered with what it got the first time.
CREATE OR REPLACE FUNCTION reserve_quantity(p_listing uuid, p_requests jsonb, p_now timestamptz)
RETURNS TABLE (request int, outcome text, amount_nano text, available_nano text, min_nano text, seller_id uuid, discount_bps int, price_version int, credit_expires_at text, secret_id uuid)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  l listings%ROWTYPE;
  r record;
  v_available bigint;
  v_taken bigint := 0;
  v_min bigint;
  v_outcome text;
  v_done reservations%ROWTYPE;
BEGIN
  SELECT * INTO l FROM listings WHERE id = p_listing FOR UPDATE;
  v_available := l.available_nano;
  FOR r IN SELECT * FROM jsonb_to_recordset(p_requests) AS x(n int, reservation_id uuid, checkout_id uuid, buyer_id uuid, amount_nano bigint, shown_discount_bps int, min_purchase_cents bigint, min_days_left int) ORDER BY x.n
  LOOP
    IF l.id IS NULL THEN
      request := r.n; outcome := 'not_found'; available_nano := '0'; min_nano := '0'; RETURN NEXT; CONTINUE;
    END IF;
    -- Smallest amount whose price reaches the market's minimum, in whole cents of credit; the seller's own minimum may be higher.
    v_min := CASE WHEN r.shown_discount_bps IS NULL THEN 0
      ELSE greatest(l.min_nano, ceil(r.min_purchase_cents * 10000.0 / (10000 - l.discount_bps))::bigint * 10000000) END;
    SELECT * INTO v_done FROM reservations v WHERE v.checkout_id = r.checkout_id AND v.listing_id = p_listing;
    IF v_done.id IS NOT NULL AND v_done.state = 'live' THEN v_outcome := 'reserved';
    ELSIF l.seller_id = r.buyer_id THEN v_outcome := 'own_listing';
    ELSIF l.state <> 'active' OR l.secret_id IS NULL OR v_done.id IS NOT NULL THEN v_outcome := 'not_on_sale';
    ELSIF l.credit_expires_at <= p_now + make_interval(days => r.min_days_left) THEN v_outcome := 'too_late';
    -- A price that fell since it was shown is no reason to refuse: the lower one is charged.
    ELSIF l.discount_bps < r.shown_discount_bps THEN v_outcome := 'price_changed';
    ELSIF r.amount_nano > v_available THEN v_outcome := 'sold_out';
    ELSIF r.amount_nano < v_min AND r.amount_nano <> v_available THEN v_outcome := 'below_minimum';
    ELSIF EXISTS (SELECT 1 FROM provider_accounts mine JOIN provider_accounts theirs ON theirs.provider = mine.provider AND theirs.username = mine.username
                  WHERE mine.seller_id = r.buyer_id AND theirs.id = l.provider_account_id) THEN v_outcome := 'same_account';
    ELSE
      v_outcome := 'reserved';
      INSERT INTO reservations (id, listing_id, checkout_id, amount_nano, state, created_at)
        VALUES (r.reservation_id, p_listing, r.checkout_id, r.amount_nano, 'live', p_now);
      v_available := v_available - r.amount_nano;
      v_taken := v_taken + r.amount_nano;
    END IF;
    request := r.n; outcome := v_outcome; amount_nano := coalesce(v_done.amount_nano, r.amount_nano)::text; available_nano := v_available::text; min_nano := v_min::text;
    seller_id := l.seller_id; discount_bps := l.discount_bps; price_version := l.price_version;
    credit_expires_at := to_char(l.credit_expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'); secret_id := l.secret_id;
    RETURN NEXT;
  END LOOP;
  IF v_taken > 0 THEN
    UPDATE listings u SET available_nano = u.available_nano - v_taken, reserved_nano = u.reserved_nano + v_taken WHERE u.id = p_listing;
  END IF;
END $$;
