ALTER TABLE "payments" ADD COLUMN "card_last_four" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "closing_reason" text;--> statement-breakpoint
CREATE INDEX "transactions_settling" ON "transactions" USING btree ("settlement_at") WHERE "transactions"."state" = 'delivered';--> statement-breakpoint
CREATE INDEX "transactions_closing" ON "transactions" USING btree ("id") WHERE "transactions"."closing_reason" is not null and "transactions"."state" = 'frozen';--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_not_negative" CHECK ("ledger_accounts"."balance_cents" >= 0);