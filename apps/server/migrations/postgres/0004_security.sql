CREATE TABLE "attempts" (
	"key" text COLLATE "C" NOT NULL,
	"failures" integer NOT NULL,
	"last_failed_at" timestamp (3) with time zone NOT NULL,
	"blocked_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_chain" (
	"key" text COLLATE "C" NOT NULL,
	"start_position" integer NOT NULL,
	"start_hash" text NOT NULL,
	"end_position" integer NOT NULL,
	"end_hash" text NOT NULL,
	"signature" text NOT NULL,
	"deletable_before" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"actor_id" text,
	"actor_session_id" text,
	"target_type" text,
	"target_id" text,
	"ip" text,
	"user_agent" text,
	"request_id" text,
	"details" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"position" integer NOT NULL,
	"event_id" text COLLATE "C" NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_unsealed" (
	"event_id" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" uuid NOT NULL,
	"secret_hash" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "reauthenticated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_key" ON "attempts" USING btree ("key");--> statement-breakpoint
CREATE INDEX "attempts_last_failed_at" ON "attempts" USING btree ("last_failed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_chain_key" ON "audit_chain" USING btree ("key");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_target" ON "audit_events" USING btree ("target_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_seals_position" ON "audit_seals" USING btree ("position");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_seals_event_id" ON "audit_seals" USING btree ("event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_unsealed_event_id" ON "audit_unsealed" USING btree ("event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_tokens_secret_hash" ON "one_time_tokens" USING btree ("secret_hash");--> statement-breakpoint
CREATE INDEX "one_time_tokens_user_id" ON "one_time_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "one_time_tokens_expires_at" ON "one_time_tokens" USING btree ("expires_at");