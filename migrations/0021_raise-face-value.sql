DROP INDEX "listings_waiting";--> statement-breakpoint
ALTER TABLE "listings" ADD COLUMN "raise_to_nano" bigint;--> statement-breakpoint
CREATE INDEX "listings_waiting" ON "listings" USING btree ("submitted_at") WHERE "listings"."state" = 'in_review' or "listings"."raise_to_nano" is not null;--> statement-breakpoint
ALTER TABLE "listings" ADD CONSTRAINT "listings_raise" CHECK ("listings"."raise_to_nano" is null or ("listings"."raise_to_nano" > "listings"."face_nano" and "listings"."state" in ('active', 'paused', 'suspended')));