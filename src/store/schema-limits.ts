/** Counts for the limits of frontdesk.yaml, beside those of each address (schema.ts). */
import { bigint, boolean, date, integer, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";

/**
 * Number of parts sent on a channel on one day (UTC), for its ceiling. Several rows a day, so that concurrent senders
 * do not wait for one another. Written by the claim of a part, removed by the sweep (prune.ts).
 */
export const channelDay = pgTable(
  "channel_day",
  {
    channel: text().notNull(),
    day: date({ mode: "string" }).notNull(),
    shard: smallint().notNull(),
    sent: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.channel, t.day, t.shard] })],
);

/** Number and bytes of all stored files, for the quota of the whole store; one row. Written with each file. */
export const fileStore = pgTable("file_store", {
  only: boolean().primaryKey().default(true),
  files: integer().notNull().default(0),
  bytes: bigint({ mode: "number" }).notNull().default(0),
});
