/** Tables in which the limits of frontdesk.yaml are counted, beside the counts that stand with each address (schema.ts). */
import { bigint, boolean, date, integer, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";

/**
 * How many parts left on a channel on one day (UTC), for its ceiling. In several rows a day, so that those who send at the
 * same moment do not wait for one another. Written by the claim of a part, removed by the sweep (prune.ts).
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

/** How much of files is kept, in one row: what the quota of the whole store goes by. Written with each file. */
export const fileStore = pgTable("file_store", {
  only: boolean().primaryKey().default(true),
  files: integer().notNull().default(0),
  bytes: bigint({ mode: "number" }).notNull().default(0),
});
