ALTER TABLE "access_keys" ADD COLUMN "spent_day" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "answer_lost_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "runs_answer_lost" ON "runs" USING btree ("access_key_id","body_hash") WHERE "runs"."answer_lost_at" is not null;