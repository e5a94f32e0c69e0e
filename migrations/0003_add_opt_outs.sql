CREATE TABLE "suppression" (
	"channel" text NOT NULL,
	"thread" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"word" text,
	"ours" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "suppression_channel_thread_pk" PRIMARY KEY("channel","thread")
);
--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "opted_out" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "schema_version" SET "breaking" = 2;