/** Released content of admins. The rules are in schema.ts. */
import { boolean, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { timestamptz } from "./schema-columns.ts";

/** The text of one content file, by its hash; runs are pinned to it (T7). */
export const content = pgTable("content", {
  hash: text().primaryKey(),
  text: text().notNull(),
});

/** One checked content folder. */
export const release = pgTable("release", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  hash: text().notNull().unique(),
  /** Hash of each file's text, by its path in the folder. */
  files: jsonb().$type<Record<string, string>>().notNull(),
  author: text().notNull(),
  note: text().notNull().default(""),
  at: timestamptz().notNull().defaultNow(),
});

/** The release on which new runs start; one row. */
export const contentLive = pgTable("content_live", {
  only: boolean().primaryKey().default(true),
  release: integer()
    .notNull()
    .references(() => release.id),
  since: timestamptz().notNull().defaultNow(),
});
