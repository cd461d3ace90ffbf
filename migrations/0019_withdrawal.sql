ALTER TABLE "transactions" ADD COLUMN "use_consent_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "use_consent_version" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_use_consent" CHECK (("transactions"."use_consent_at" is null) = ("transactions"."use_consent_version" is null));