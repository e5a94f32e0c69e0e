CREATE TABLE "desk_roster" (
	"channel" text NOT NULL,
	"queue" text NOT NULL,
	"closed" text,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "desk_roster_channel_queue_pk" PRIMARY KEY("channel","queue")
);
