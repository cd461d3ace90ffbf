-- Tells the web processes that what they remember of the market is no longer so. A notice is sent at the commit, under a lock that all
-- commits with a notice share, so the hottest statement of the market is left out: reserve_quantity and a confirmed sale set none of these
-- columns, and the process that reserved tells of it after its commit. Units that come back do set withdrawn_nano.
CREATE FUNCTION tell_market_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('market_changed', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER listings_market_changed
  AFTER INSERT OR DELETE OR UPDATE OF state, discount_bps, face_nano, listed_nano, withdrawn_nano, min_nano, credit_expires_at, level, seller_name, seller_failed_lots
  ON listings FOR EACH STATEMENT EXECUTE FUNCTION tell_market_changed();
--> statement-breakpoint
CREATE TRIGGER policies_market_changed AFTER INSERT ON policies FOR EACH STATEMENT EXECUTE FUNCTION tell_market_changed();
