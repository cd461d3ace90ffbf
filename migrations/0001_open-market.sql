CREATE TABLE "mail_links" (
	"hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" uuid,
	"email" "citext" NOT NULL,
	"browser_hash" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mail_outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recipient" "citext" NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "password_hashes" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seller_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"username" text NOT NULL,
	"name" text,
	"github_url" text,
	"account_type" text NOT NULL,
	"backing_listing_id" uuid,
	"checked_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "seller_profiles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"public_name" text NOT NULL,
	"burned_nano" bigint DEFAULT 0 NOT NULL,
	"failed_lots" integer DEFAULT 0 NOT NULL,
	"seasoned_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "terms_acceptances" (
	"user_id" uuid NOT NULL,
	"version" text NOT NULL,
	"occasion" text NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "terms_acceptances_user_id_occasion_accepted_at_pk" PRIMARY KEY("user_id","occasion","accepted_at")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" "citext" NOT NULL,
	"name" text NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"verified_at" timestamp with time zone,
	"suspended_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"seq" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"facts" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"owner_id" text NOT NULL,
	"asset" text DEFAULT 'usd' NOT NULL,
	"balance_cents" bigint
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_entries_reference_unique" UNIQUE("reference")
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"entry_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"debit_account_id" uuid NOT NULL,
	"credit_account_id" uuid NOT NULL,
	"amount_cents" bigint NOT NULL,
	CONSTRAINT "ledger_postings_amount" CHECK ("ledger_postings"."amount_cents" > 0 and "ledger_postings"."debit_account_id" <> "ledger_postings"."credit_account_id")
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"version" integer PRIMARY KEY NOT NULL,
	"rules" jsonb NOT NULL,
	"note" text,
	"edited_by" uuid,
	"valid_from" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attestations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"listing_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"passed" integer NOT NULL,
	"finding" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "listing_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"listing_id" uuid NOT NULL,
	"actor_id" uuid,
	"step" text NOT NULL,
	"reason_code" text,
	"note" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "listings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seller_id" uuid NOT NULL,
	"provider" text DEFAULT 'replicate' NOT NULL,
	"provider_account_id" uuid NOT NULL,
	"secret_id" uuid,
	"state" text NOT NULL,
	"state_reason" text,
	"paused_by" text,
	"face_nano" bigint NOT NULL,
	"tail_nano" bigint NOT NULL,
	"listed_nano" bigint NOT NULL,
	"available_nano" bigint NOT NULL,
	"reserved_nano" bigint DEFAULT 0 NOT NULL,
	"sold_nano" bigint DEFAULT 0 NOT NULL,
	"withdrawn_nano" bigint DEFAULT 0 NOT NULL,
	"burned_nano" bigint DEFAULT 0 NOT NULL,
	"min_nano" bigint NOT NULL,
	"discount_bps" integer NOT NULL,
	"price_version" integer DEFAULT 1 NOT NULL,
	"credit_expires_at" timestamp with time zone NOT NULL,
	"level" integer DEFAULT 1 NOT NULL,
	"policy_version" integer NOT NULL,
	"seller_name" text NOT NULL,
	"seller_since" timestamp with time zone NOT NULL,
	"seller_burned_nano" bigint DEFAULT 0 NOT NULL,
	"seller_failed_lots" integer DEFAULT 0 NOT NULL,
	"submitted_at" timestamp with time zone,
	"published_at" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"mend_until_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "listings_quantity" CHECK ("listings"."listed_nano" = "listings"."available_nano" + "listings"."reserved_nano" + "listings"."sold_nano" + "listings"."withdrawn_nano"),
	CONSTRAINT "listings_not_negative" CHECK ("listings"."available_nano" >= 0 and "listings"."reserved_nano" >= 0 and "listings"."sold_nano" >= 0 and "listings"."withdrawn_nano" >= 0),
	CONSTRAINT "listings_face" CHECK ("listings"."face_nano" = "listings"."listed_nano" + "listings"."tail_nano" and "listings"."tail_nano" >= 0),
	CONSTRAINT "listings_discount" CHECK ("listings"."discount_bps" between 0 and 10000),
	CONSTRAINT "listings_state" CHECK ("listings"."state" in ('draft','in_review','needs_info','rejected','active','paused','suspended','failed','withdrawn','expired'))
);
--> statement-breakpoint
CREATE TABLE "offer_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"offer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"actor_id" uuid,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"listing_id" uuid NOT NULL,
	"seller_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"amount_nano" bigint NOT NULL,
	"discount_bps" integer NOT NULL,
	"message" text,
	"state" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"checkout_id" uuid,
	"pay_until_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "offers_amount" CHECK ("offers"."amount_nano" > 0 and "offers"."discount_bps" between 0 and 10000)
);
--> statement-breakpoint
CREATE TABLE "price_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"listing_id" uuid NOT NULL,
	"from_bps" integer NOT NULL,
	"to_bps" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"listing_id" uuid NOT NULL,
	"checkout_id" uuid NOT NULL,
	"amount_nano" bigint NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "reservations_amount" CHECK ("reservations"."amount_nano" > 0)
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ciphertext" text,
	"key_id" text NOT NULL,
	"bound_to" text NOT NULL,
	"fingerprint" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"destroyed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "access_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"last_four" text NOT NULL,
	"secret_id" uuid,
	"cap_nano" bigint,
	"spent_nano" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"visible_until_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "access_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "daily_burns" (
	"day" text NOT NULL,
	"buyer_id" uuid NOT NULL,
	"listing_id" uuid NOT NULL,
	"model" text NOT NULL,
	"burned_nano" bigint NOT NULL,
	"runs" bigint NOT NULL,
	CONSTRAINT "daily_burns_buyer_id_day_listing_id_model_pk" PRIMARY KEY("buyer_id","day","listing_id","model")
);
--> statement-breakpoint
CREATE TABLE "exposures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"listing_id" uuid NOT NULL,
	"amount_nano" bigint NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"seller_id" uuid NOT NULL,
	"transaction_id" uuid NOT NULL,
	"listing_id" uuid NOT NULL,
	"provider" text DEFAULT 'replicate' NOT NULL,
	"secret_id" uuid NOT NULL,
	"state" text NOT NULL,
	"state_reason" text,
	"purchased_nano" bigint NOT NULL,
	"available_nano" bigint NOT NULL,
	"authorized_nano" bigint DEFAULT 0 NOT NULL,
	"captured_nano" bigint DEFAULT 0 NOT NULL,
	"returned_nano" bigint DEFAULT 0 NOT NULL,
	"vested_nano" bigint DEFAULT 0 NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "grants_transaction_id_unique" UNIQUE("transaction_id"),
	CONSTRAINT "grants_quantity" CHECK ("grants"."purchased_nano" = "grants"."available_nano" + "grants"."authorized_nano" + "grants"."captured_nano" + "grants"."returned_nano"),
	CONSTRAINT "grants_not_negative" CHECK ("grants"."available_nano" >= 0 and "grants"."authorized_nano" >= 0 and "grants"."captured_nano" >= 0 and "grants"."returned_nano" >= 0),
	CONSTRAINT "grants_vested" CHECK ("grants"."vested_nano" between 0 and "grants"."captured_nano")
);
--> statement-breakpoint
CREATE TABLE "model_versions" (
	"provider" text DEFAULT 'replicate' NOT NULL,
	"version" text NOT NULL,
	"model" text NOT NULL,
	"official" boolean DEFAULT false NOT NULL,
	"input_schema" jsonb NOT NULL,
	"latest" boolean NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_versions_provider_version_pk" PRIMARY KEY("provider","version")
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text DEFAULT 'replicate' NOT NULL,
	"model" text NOT NULL,
	"unit" text NOT NULL,
	"tiers" jsonb NOT NULL,
	"hardware" text,
	"source" text NOT NULL,
	"seen" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"buyer_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"grant_id" uuid NOT NULL,
	"access_key_id" uuid,
	"listing_id" uuid NOT NULL,
	"secret_id" uuid NOT NULL,
	"model" text NOT NULL,
	"version" text NOT NULL,
	"price_id" uuid NOT NULL,
	"state" text NOT NULL,
	"authorized_nano" bigint NOT NULL,
	"captured_nano" bigint DEFAULT 0 NOT NULL,
	"estimated" boolean DEFAULT false NOT NULL,
	"upstream_id" text,
	"upstream_status" text,
	"price_facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"metrics" jsonb,
	"final_body" jsonb,
	"idempotency_key" text,
	"body_hash" text,
	"deadline_at" timestamp with time zone NOT NULL,
	"next_check_at" timestamp with time zone,
	"checks" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "runs_buyer_id_id_pk" PRIMARY KEY("buyer_id","id"),
	CONSTRAINT "runs_captured" CHECK ("runs"."captured_nano" between 0 and "runs"."authorized_nano")
);
--> statement-breakpoint
CREATE TABLE "checkouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"state" text NOT NULL,
	"total_cents" bigint NOT NULL,
	"offer_id" uuid,
	"form_token" text NOT NULL,
	"stripe_session_id" text,
	"stripe_url" text,
	"stripe_params" jsonb,
	"expires_at" timestamp with time zone NOT NULL,
	"paid_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "checkouts_stripe_session_id_unique" UNIQUE("stripe_session_id"),
	CONSTRAINT "checkouts_total" CHECK ("checkouts"."total_cents" > 0)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"checkout_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"stripe_payment_intent_id" text NOT NULL,
	"stripe_charge_id" text,
	"amount_cents" bigint NOT NULL,
	"stripe_fee_cents" bigint,
	"paid_at" timestamp with time zone NOT NULL,
	CONSTRAINT "payments_checkout_id_unique" UNIQUE("checkout_id"),
	CONSTRAINT "payments_stripe_payment_intent_id_unique" UNIQUE("stripe_payment_intent_id"),
	CONSTRAINT "payments_stripe_charge_id_unique" UNIQUE("stripe_charge_id")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"transaction_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"amount_cents" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"stripe_refund_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "refunds_stripe_refund_id_unique" UNIQUE("stripe_refund_id"),
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_cents" > 0)
);
--> statement-breakpoint
CREATE TABLE "stripe_calls" (
	"idempotency_key" text PRIMARY KEY NOT NULL,
	"operation" text NOT NULL,
	"params" jsonb NOT NULL,
	"outcome" text NOT NULL,
	"stripe_id" text,
	"failure" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"processed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "transaction_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"transaction_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"sentence" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transactions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"checkout_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"seller_id" uuid NOT NULL,
	"listing_id" uuid NOT NULL,
	"state" text NOT NULL,
	"face_nano" bigint NOT NULL,
	"discount_bps" integer NOT NULL,
	"price_cents" bigint NOT NULL,
	"fee_cents" bigint NOT NULL,
	"seller_total_cents" bigint NOT NULL,
	"policy_version" integer NOT NULL,
	"credit_expires_at" timestamp with time zone NOT NULL,
	"settlement_at" timestamp with time zone,
	"refunded_cents" bigint DEFAULT 0 NOT NULL,
	"released_seller_cents" bigint DEFAULT 0 NOT NULL,
	"released_fee_cents" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "transactions_split" CHECK ("transactions"."price_cents" = "transactions"."fee_cents" + "transactions"."seller_total_cents"),
	CONSTRAINT "transactions_out" CHECK ("transactions"."refunded_cents" + "transactions"."released_seller_cents" + "transactions"."released_fee_cents" <= "transactions"."price_cents")
);
--> statement-breakpoint
ALTER TABLE "mail_links" ADD CONSTRAINT "mail_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "password_hashes" ADD CONSTRAINT "password_hashes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seller_profiles" ADD CONSTRAINT "seller_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_sessions" ADD CONSTRAINT "sign_in_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms_acceptances" ADD CONSTRAINT "terms_acceptances_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_entry_id_ledger_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."ledger_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_debit_account_id_ledger_accounts_id_fk" FOREIGN KEY ("debit_account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_credit_account_id_ledger_accounts_id_fk" FOREIGN KEY ("credit_account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attestations" ADD CONSTRAINT "attestations_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listing_reviews" ADD CONSTRAINT "listing_reviews_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offer_events" ADD CONSTRAINT "offer_events_offer_id_offers_id_fk" FOREIGN KEY ("offer_id") REFERENCES "public"."offers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_changes" ADD CONSTRAINT "price_changes_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transaction_events" ADD CONSTRAINT "transaction_events_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_outbox_newest" ON "mail_outbox" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "provider_accounts_one_per_seller" ON "provider_accounts" USING btree ("seller_id","provider","username");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_accounts_one_listing" ON "provider_accounts" USING btree ("provider","username") WHERE "provider_accounts"."backing_listing_id" is not null;--> statement-breakpoint
CREATE INDEX "sign_in_sessions_user" ON "sign_in_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_accounts_key" ON "ledger_accounts" USING btree ("kind","owner_id","asset");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_line" ON "ledger_postings" USING btree ("entry_id","line");--> statement-breakpoint
CREATE INDEX "ledger_postings_debit" ON "ledger_postings" USING btree ("debit_account_id");--> statement-breakpoint
CREATE INDEX "ledger_postings_credit" ON "ledger_postings" USING btree ("credit_account_id");--> statement-breakpoint
CREATE INDEX "attestations_listing" ON "attestations" USING btree ("listing_id","created_at");--> statement-breakpoint
CREATE INDEX "listing_reviews_listing" ON "listing_reviews" USING btree ("listing_id","created_at");--> statement-breakpoint
CREATE INDEX "listings_market" ON "listings" USING btree ("provider","state","discount_bps" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "listings_seller" ON "listings" USING btree ("seller_id","created_at");--> statement-breakpoint
CREATE INDEX "listings_waiting" ON "listings" USING btree ("submitted_at") WHERE "listings"."state" = 'in_review';--> statement-breakpoint
CREATE INDEX "offer_events_offer" ON "offer_events" USING btree ("offer_id","created_at");--> statement-breakpoint
CREATE INDEX "offers_seller" ON "offers" USING btree ("seller_id","created_at");--> statement-breakpoint
CREATE INDEX "offers_buyer" ON "offers" USING btree ("buyer_id","created_at");--> statement-breakpoint
CREATE INDEX "offers_open" ON "offers" USING btree ("expires_at") WHERE "offers"."state" in ('open', 'accepted');--> statement-breakpoint
CREATE INDEX "price_changes_listing" ON "price_changes" USING btree ("listing_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reservations_checkout_listing" ON "reservations" USING btree ("checkout_id","listing_id");--> statement-breakpoint
CREATE INDEX "reservations_live" ON "reservations" USING btree ("created_at") WHERE "reservations"."state" = 'live';--> statement-breakpoint
CREATE INDEX "access_keys_buyer" ON "access_keys" USING btree ("buyer_id","created_at");--> statement-breakpoint
CREATE INDEX "daily_burns_listing" ON "daily_burns" USING btree ("listing_id","day");--> statement-breakpoint
CREATE INDEX "grants_wallet" ON "grants" USING btree ("buyer_id","provider","ends_at","id") WHERE "grants"."state" = 'open';--> statement-breakpoint
CREATE INDEX "grants_buyer" ON "grants" USING btree ("buyer_id","created_at");--> statement-breakpoint
CREATE INDEX "grants_listing" ON "grants" USING btree ("listing_id");--> statement-breakpoint
CREATE INDEX "grants_unvested" ON "grants" USING btree ("id") WHERE "grants"."captured_nano" > "grants"."vested_nano";--> statement-breakpoint
CREATE INDEX "model_versions_model" ON "model_versions" USING btree ("provider","model");--> statement-breakpoint
CREATE UNIQUE INDEX "prices_model" ON "prices" USING btree ("provider","model","valid_from");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_id" ON "runs" USING btree ("id");--> statement-breakpoint
CREATE INDEX "runs_upstream" ON "runs" USING btree ("upstream_id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_idempotency" ON "runs" USING btree ("buyer_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "runs_grant" ON "runs" USING btree ("grant_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_unsettled" ON "runs" USING btree ("next_check_at") WHERE "runs"."state" in ('authorized', 'unknown');--> statement-breakpoint
CREATE UNIQUE INDEX "checkouts_form" ON "checkouts" USING btree ("buyer_id","form_token");--> statement-breakpoint
CREATE INDEX "checkouts_waiting" ON "checkouts" USING btree ("created_at") WHERE "checkouts"."state" in ('starting', 'open');--> statement-breakpoint
CREATE INDEX "refunds_waiting" ON "refunds" USING btree ("created_at") WHERE "refunds"."state" = 'requested';--> statement-breakpoint
CREATE INDEX "refunds_transaction" ON "refunds" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "stripe_calls_unsettled" ON "stripe_calls" USING btree ("created_at") WHERE "stripe_calls"."outcome" in ('pending', 'unknown');--> statement-breakpoint
CREATE INDEX "transaction_events_transaction" ON "transaction_events" USING btree ("transaction_id","created_at");--> statement-breakpoint
CREATE INDEX "transactions_buyer" ON "transactions" USING btree ("buyer_id","created_at");--> statement-breakpoint
CREATE INDEX "transactions_seller" ON "transactions" USING btree ("seller_id","created_at");--> statement-breakpoint
CREATE INDEX "transactions_checkout" ON "transactions" USING btree ("checkout_id");--> statement-breakpoint
CREATE INDEX "transactions_listing" ON "transactions" USING btree ("listing_id");