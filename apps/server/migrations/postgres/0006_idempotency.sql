CREATE TABLE "idempotency_keys" (
	"key_hash" text COLLATE "C" NOT NULL,
	"request_hash" text NOT NULL,
	"claim_id" text NOT NULL,
	"sealed_answer" text,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "idempotency_keys_key_hash" ON "idempotency_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires_at" ON "idempotency_keys" USING btree ("expires_at");