-- Burns of before were counted one by one: they start as counted, and listings and profiles agree with them from here on.
ALTER TABLE "daily_burns" ADD COLUMN "seller_id" uuid;--> statement-breakpoint
ALTER TABLE "daily_burns" ADD COLUMN "counted_nano" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "daily_burns" d SET "seller_id" = (SELECT g."seller_id" FROM "grants" g WHERE g."listing_id" = d."listing_id" LIMIT 1), "counted_nano" = d."burned_nano";--> statement-breakpoint
ALTER TABLE "daily_burns" ALTER COLUMN "seller_id" SET NOT NULL;--> statement-breakpoint
UPDATE "listings" l SET "burned_nano" = (SELECT coalesce(sum(d."burned_nano"), 0) FROM "daily_burns" d WHERE d."listing_id" = l."id");--> statement-breakpoint
UPDATE "listings" l SET "seller_name" = p."public_name", "seller_burned_nano" = p."burned_nano", "seller_failed_lots" = p."failed_lots" FROM "seller_profiles" p WHERE p."user_id" = l."seller_id";--> statement-breakpoint
CREATE INDEX "daily_burns_uncounted" ON "daily_burns" USING btree ("seller_id") WHERE "daily_burns"."burned_nano" <> "daily_burns"."counted_nano";--> statement-breakpoint
ALTER TABLE "daily_burns" ADD CONSTRAINT "daily_burns_counted" CHECK ("daily_burns"."counted_nano" between 0 and "daily_burns"."burned_nano");
