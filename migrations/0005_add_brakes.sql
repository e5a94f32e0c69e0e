CREATE TABLE "channel_day" (
	"channel" text NOT NULL,
	"day" date NOT NULL,
	"shard" smallint NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "channel_day_channel_day_shard_pk" PRIMARY KEY("channel","day","shard")
);
--> statement-breakpoint
CREATE TABLE "file_store" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"files" integer DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "minute_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "minute_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "hour_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "hour_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "day_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "day_count" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Counted in place with every message: room on the page keeps that cheap.
ALTER TABLE "address" SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE "channel_day" SET (fillfactor = 50);
--> statement-breakpoint
-- Counted at each start (src/store/file-count.ts), not here, where tables are locked until the last migration is done.
INSERT INTO "file_store" ("files", "bytes") VALUES (0, 0);
