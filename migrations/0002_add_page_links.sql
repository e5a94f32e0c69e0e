CREATE TABLE "page_link" (
	"token" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"visit" text,
	"visit_ends_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "file" ADD COLUMN "link_until" timestamp with time zone DEFAULT now() + interval '7 days' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "page_link_visit" ON "page_link" USING btree ("visit");