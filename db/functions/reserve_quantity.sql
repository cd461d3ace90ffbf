-- Reserves quantity of one listing for many checkouts, in order, under one lock. A repeated request gets its first result.
-- Called by reserve-quantity.
CREATE OR REPLACE FUNCTION reserve_quantity(p_listing uuid, p_now timestamptz, p_reservations uuid[], p_checkouts uuid[], p_buyers uuid[], p_amounts bigint[], p_shown_bps int[], p_min_cents bigint[], p_min_days int[])
RETURNS TABLE (request int, outcome text, credit_nano text, available_nano text, min_nano text, seller_id uuid, discount_bps int, price_version int, credit_expires_at timestamptz, secret_id uuid)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  l listings;
  v_listed bigint;
  v_outcome text;
  v_amount bigint;
  v_done reservations;
BEGIN
  SELECT * INTO l FROM listings WHERE id = p_listing FOR UPDATE;
  v_listed := l.available_nano;
  FOR i IN 1 .. array_length(p_checkouts, 1)
  LOOP
    v_amount := p_amounts[i];
    v_outcome := CASE WHEN l.id IS NULL THEN 'not_found'
      ELSE coalesce(reservation_refusal(l, p_now, p_buyers[i], v_amount, p_shown_bps[i], p_min_cents[i], p_min_days[i]), 'reserved') END;
    IF v_outcome = 'reserved' AND EXISTS (SELECT 1 FROM provider_accounts mine JOIN provider_accounts theirs USING (provider, username)
        WHERE mine.seller_id = p_buyers[i] AND theirs.id = l.provider_account_id) THEN
      v_outcome := 'same_account';
    END IF;
    IF v_outcome = 'reserved' THEN
      INSERT INTO reservations (id, listing_id, checkout_id, credit_nano, state, created_at)
        VALUES (p_reservations[i], p_listing, p_checkouts[i], v_amount, 'live', p_now) ON CONFLICT (checkout_id, listing_id) DO NOTHING;
      IF FOUND THEN l.available_nano := l.available_nano - v_amount; ELSE v_outcome := 'repeat'; END IF;
    END IF;
    -- A request that comes again is answered with what it got the first time, whatever became of the lot since.
    IF v_outcome <> 'reserved' THEN
      SELECT * INTO v_done FROM reservations v WHERE v.checkout_id = p_checkouts[i] AND v.listing_id = p_listing;
      IF v_done.state = 'live' THEN v_outcome := 'reserved'; v_amount := v_done.credit_nano;
      ELSIF v_outcome = 'repeat' THEN v_outcome := 'not_on_sale'; END IF;
    END IF;
    request := i; outcome := v_outcome; credit_nano := v_amount; available_nano := coalesce(l.available_nano, 0);
    min_nano := coalesce(reservation_minimum(l, p_shown_bps[i], p_min_cents[i]), 0);
    seller_id := l.seller_id; discount_bps := l.discount_bps; price_version := l.price_version; credit_expires_at := l.credit_expires_at; secret_id := l.secret_id;
    RETURN NEXT;
  END LOOP;
  IF l.available_nano < v_listed THEN
    UPDATE listings u SET available_nano = l.available_nano, reserved_nano = u.reserved_nano + v_listed - l.available_nano WHERE u.id = p_listing;
  END IF;
END $$;
