CREATE TABLE `sessions` (
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`generation` integer NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text,
	`created_at` text NOT NULL,
	`last_used_at` text NOT NULL,
	`expires_at` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_id_unique` ON `sessions` (`id`);--> statement-breakpoint
CREATE INDEX `sessions_user_id` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expires_at` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text NOT NULL,
	`public_key` text NOT NULL,
	`sealed_private_key` text NOT NULL,
	`created_at` text NOT NULL,
	`signs_from` text NOT NULL,
	`verifies_until` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `signing_keys_id_unique` ON `signing_keys` (`id`);--> statement-breakpoint
CREATE TABLE `users` (
	`row_key` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`username` text NOT NULL,
	`username_key` text NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`password_hash` text NOT NULL,
	`first_name` text,
	`last_name` text,
	`phone_number` text,
	`address` text,
	`is_active` integer NOT NULL,
	`is_staff` integer NOT NULL,
	`is_superuser` integer NOT NULL,
	`date_joined` text NOT NULL,
	`last_login` text NOT NULL,
	`version` integer NOT NULL,
	`search_text` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_id_unique` ON `users` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_username_key` ON `users` (`username_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email_key`);--> statement-breakpoint
CREATE INDEX `users_phone_number` ON `users` (`phone_number`);--> statement-breakpoint
CREATE INDEX `users_date_joined` ON `users` (`date_joined`,`id`);--> statement-breakpoint
CREATE INDEX `users_last_login` ON `users` (`last_login`,`id`);--> statement-breakpoint
CREATE INDEX `users_inactive` ON `users` (`id`) WHERE is_active = false;--> statement-breakpoint
CREATE INDEX `users_staff` ON `users` (`id`) WHERE is_staff = true;--> statement-breakpoint
CREATE INDEX `users_superusers` ON `users` (`id`) WHERE is_superuser = true;