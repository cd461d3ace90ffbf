ALTER TABLE "checkouts" ADD COLUMN "network" text;--> statement-breakpoint
CREATE INDEX "checkouts_unpaid" ON "checkouts" USING btree ("buyer_id","ended_at") WHERE "checkouts"."state" <> 'paid';--> statement-breakpoint
CREATE INDEX "checkouts_network" ON "checkouts" USING btree ("network") WHERE "checkouts"."state" in ('starting', 'open');--> statement-breakpoint
INSERT INTO "policies" ("version", "rules", "note", "valid_from")
SELECT "version" + 1, "rules" || '{"maxUnpaidPurchases": 4, "maxUnpaidCents": 250000, "networkMaxUnpaidPurchases": 20, "networkMaxUnpaidCents": 500000, "unpaidEndsBeforeWait": 3, "unpaidWaitMinutes": 60}'::jsonb, 'Limits on purchases that are reserved and not paid.', now()
FROM "policies" ORDER BY "version" DESC LIMIT 1;
