/** Customers' opt-outs and opt-ins. The rules stand in schema.ts. */
import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { timestamptz } from "./schema-columns.ts";

/**
 * Customers who opted out of hearing from us (STOP), per thread: the pair of them and one side of ours. Written by
 * inbound with their word, and by outbound where the platform refused a part for it. A part created before `ended_at`
 * never leaves, so that what was cut off does not come after all when they opt in again; removed a month after that
 * (prune.ts).
 */
export const suppression = pgTable(
  "suppression",
  {
    channel: text().notNull(),
    thread: text().notNull(),
    since: timestamptz().notNull().defaultNow(),
    /** Their word; null where only the platform's refusal told us. */
    word: text(),
    /** Our side, as people call it ("+15550100"); null where it is not known. */
    ours: text(),
    /** When they opted in again; null while it holds. */
    endedAt: timestamptz(),
  },
  (t) => [
    primaryKey({ columns: [t.channel, t.thread] }),
    index("suppression_ended").on(t.endedAt).where(sql`ended_at is not null`),
  ],
);

/**
 * When somebody last wrote an opt-in word (START), per thread, whether or not they had opted out: a refusal of something
 * that left before then, and comes late, opts them out no more. Written by inbound, removed a month later (prune.ts).
 */
export const optIn = pgTable(
  "opt_in",
  { channel: text().notNull(), thread: text().notNull(), at: timestamptz().notNull() },
  (t) => [primaryKey({ columns: [t.channel, t.thread] }), index("opt_in_at").on(t.at)],
);
