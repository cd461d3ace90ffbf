ALTER TABLE "transactions" DROP CONSTRAINT "transactions_out";--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "lost_cents" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "given_back_nano" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_lost" CHECK ("transactions"."lost_cents" between 0 and "transactions"."refunded_cents");--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_given_back" CHECK ("transactions"."given_back_nano" between 0 and "transactions"."face_nano");--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_out" CHECK ("transactions"."refunded_cents" + "transactions"."released_seller_cents" + "transactions"."released_fee_cents" <= "transactions"."price_cents" + "transactions"."lost_cents");--> statement-breakpoint
UPDATE "transactions" t SET "given_back_nano" = g."returned_nano" FROM "grants" g WHERE g."transaction_id" = t."id" AND t."state" = 'refunded';
