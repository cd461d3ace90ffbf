-- Tells the web processes to drop cached market pages. NOTIFY takes one lock for all at commit, so the hottest statements avoid the columns
-- below, and the process that reserves quantity sends its notice after the commit.
CREATE OR REPLACE FUNCTION tell_market_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('market_changed', '');
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER listings_market_changed
  AFTER INSERT OR DELETE OR UPDATE OF state, discount_bps, face_nano, listed_nano, withdrawn_nano, min_nano, credit_expires_at, level, seller_name, seller_failed_lots
  ON listings FOR EACH STATEMENT EXECUTE FUNCTION tell_market_changed();

CREATE OR REPLACE TRIGGER policies_market_changed AFTER INSERT ON policies FOR EACH STATEMENT EXECUTE FUNCTION tell_market_changed();
