CREATE TABLE `attempts` (
	`key` text NOT NULL,
	`failures` integer NOT NULL,
	`last_failed_at` text NOT NULL,
	`blocked_until` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_key` ON `attempts` (`key`);--> statement-breakpoint
CREATE INDEX `attempts_last_failed_at` ON `attempts` (`last_failed_at`);--> statement-breakpoint
CREATE TABLE `audit_chain` (
	`key` text NOT NULL,
	`start_position` integer NOT NULL,
	`start_hash` text NOT NULL,
	`end_position` integer NOT NULL,
	`end_hash` text NOT NULL,
	`signature` text NOT NULL,
	`deletable_before` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_chain_key` ON `audit_chain` (`key`);--> statement-breakpoint
CREATE TABLE `audit_events` (
	`id` text NOT NULL,
	`at` text NOT NULL,
	`action` text NOT NULL,
	`actor_id` text,
	`actor_session_id` text,
	`target_type` text,
	`target_id` text,
	`ip` text,
	`user_agent` text,
	`request_id` text,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_events_id_unique` ON `audit_events` (`id`);--> statement-breakpoint
CREATE INDEX `audit_events_actor` ON `audit_events` (`actor_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_target` ON `audit_events` (`target_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_action` ON `audit_events` (`action`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`at`);--> statement-breakpoint
CREATE TABLE `audit_seals` (
	`position` integer NOT NULL,
	`event_id` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_seals_position` ON `audit_seals` (`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `audit_seals_event_id` ON `audit_seals` (`event_id`);--> statement-breakpoint
CREATE TABLE `audit_unsealed` (
	`event_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_unsealed_event_id` ON `audit_unsealed` (`event_id`);--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`id` text NOT NULL,
	`purpose` text NOT NULL,
	`user_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`used_at` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_tokens_id_unique` ON `one_time_tokens` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_tokens_secret_hash` ON `one_time_tokens` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_user_id` ON `one_time_tokens` (`user_id`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_expires_at` ON `one_time_tokens` (`expires_at`);--> statement-breakpoint
ALTER TABLE `sessions` ADD `reauthenticated_at` text;