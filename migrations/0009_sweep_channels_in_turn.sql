DROP INDEX "outbox_due";--> statement-breakpoint
DROP INDEX "ask_bulkhead";--> statement-breakpoint
DROP INDEX "conversation_closing";--> statement-breakpoint
CREATE INDEX "outbox_channel_due" ON "outbox" USING btree ("channel","due_at","id") WHERE outcome is null;--> statement-breakpoint
CREATE INDEX "ask_bulkhead" ON "ask" USING btree ("bulkhead","due_at","id") WHERE answered_at is null;--> statement-breakpoint
CREATE INDEX "conversation_closing" ON "conversation" USING btree ("closed_at","id") WHERE joinable and closed_at is not null;