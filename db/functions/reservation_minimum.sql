-- The smallest purchase: its price reaches the market's minimum, rounded up to whole cents of credit, or the seller's own minimum if that
-- is higher. An accepted offer passes no shown discount and has no minimum.
CREATE OR REPLACE FUNCTION reservation_minimum(l listings, p_shown_bps int, p_min_cents bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_shown_bps IS NULL THEN 0
    ELSE greatest(l.min_nano, ceil(p_min_cents * 10000.0 / (10000 - l.discount_bps))::bigint * 10000000) END
$$;
