CREATE TABLE "daily_counts" (
	"day" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "daily_counts_day_name" ON "daily_counts" USING btree ("day","name");