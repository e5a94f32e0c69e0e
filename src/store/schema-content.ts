/** Content that admins wrote, released. The rules stand in schema.ts. */
import { boolean, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { timestamptz } from "./schema-columns.ts";

/** The text of one content file, by its hash: what a running conversation is pinned to (T7). */
export const content = pgTable("content", {
  hash: text().primaryKey(),
  text: text().notNull(),
});

/** One checked content folder. */
export const release = pgTable("release", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  hash: text().notNull().unique(),
  /** Path in the folder to hash of its text. */
  files: jsonb().$type<Record<string, string>>().notNull(),
  author: text().notNull(),
  note: text().notNull().default(""),
  at: timestamptz().notNull().defaultNow(),
});

/** Which release new runs start on: one row. */
export const contentLive = pgTable("content_live", {
  only: boolean().primaryKey().default(true),
  release: integer()
    .notNull()
    .references(() => release.id),
  since: timestamptz().notNull().defaultNow(),
});
