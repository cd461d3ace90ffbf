UPDATE "listings" l SET "level" = CASE WHEN p."seasoned_at" IS NULL THEN 1 ELSE 4 END FROM "seller_profiles" p WHERE p."user_id" = l."seller_id";--> statement-breakpoint
UPDATE "listings" SET "level" = 1 WHERE "level" NOT IN (1, 4);--> statement-breakpoint
ALTER TABLE "listings" ADD CONSTRAINT "listings_level" CHECK ("listings"."level" in (1, 4));