DROP INDEX "listings_market";--> statement-breakpoint
ALTER TABLE "listings" ADD COLUMN "on_sale" boolean GENERATED ALWAYS AS (state = 'active' and available_nano::numeric * (10000 - discount_bps) >= 5000000000000) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "listings_largest" ON "listings" USING btree ("provider","available_nano" DESC NULLS LAST,"id") WHERE "listings"."on_sale";--> statement-breakpoint
CREATE INDEX "listings_latest" ON "listings" USING btree ("provider","credit_expires_at" DESC NULLS LAST,"id") WHERE "listings"."on_sale";--> statement-breakpoint
CREATE INDEX "listings_market" ON "listings" USING btree ("provider","discount_bps" DESC NULLS LAST,"id") WHERE "listings"."on_sale";--> statement-breakpoint
-- Search by the end of a lot's id, as pages show it.
CREATE INDEX listings_id_end ON listings (reverse(replace(id::text, '-', '')) text_pattern_ops) WHERE on_sale;
