CREATE TABLE `idempotency_keys` (
	`key_hash` text NOT NULL,
	`request_hash` text NOT NULL,
	`claim_id` text NOT NULL,
	`sealed_answer` text,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idempotency_keys_key_hash` ON `idempotency_keys` (`key_hash`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_expires_at` ON `idempotency_keys` (`expires_at`);