CREATE TABLE "opt_in" (
	"channel" text NOT NULL,
	"thread" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "opt_in_channel_thread_pk" PRIMARY KEY("channel","thread")
);
--> statement-breakpoint
DROP INDEX "conversation_open";--> statement-breakpoint
DROP INDEX "case_moved";--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "minute_told" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "hour_told" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "day_told" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "counted_on" date;--> statement-breakpoint
CREATE INDEX "opt_in_at" ON "opt_in" USING btree ("at");--> statement-breakpoint
CREATE INDEX "suppression_ended" ON "suppression" USING btree ("ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "conversation_open" ON "conversation" USING btree ("channel","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "case_moved" ON "case" USING btree ((card ->> 'channel'),"updated_at");