-- The shapes of states, events and parts have new names, which builds before this one would misread. Without the old column
-- their turns and sends fail and change nothing, while what comes in is still stored; this build goes on with it.
ALTER TABLE "outbox" RENAME COLUMN "part" TO "content";--> statement-breakpoint
UPDATE "schema_version" SET "breaking" = 3;
