/** Customers' opt-outs and opt-ins. The rules are in schema.ts. */
import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { timestamptz } from "./schema-columns.ts";

/**
 * Customers who opted out (STOP), per thread: a customer's address and one side of ours. Written by inbound with their
 * word, and by outbound when the platform refused a part for it. A part created before `ended_at` never leaves, so that
 * old parts do not arrive after an opt-in; removed a month after that (prune.ts).
 */
export const suppression = pgTable(
  "suppression",
  {
    channel: text().notNull(),
    thread: text().notNull(),
    since: timestamptz().notNull().defaultNow(),
    /** Their word; null where we know only from the platform's refusal. */
    word: text(),
    /** Our side, as people call it ("+15550100"); null where unknown. */
    ours: text(),
    /** Time of their next opt-in; null while it holds. */
    endedAt: timestamptz(),
  },
  (t) => [
    primaryKey({ columns: [t.channel, t.thread] }),
    index("suppression_ended").on(t.endedAt).where(sql`ended_at is not null`),
  ],
);

/**
 * The latest opt-in word (START) per thread, also without an earlier opt-out. A late refusal of a part that left before
 * it does not opt the customer out again. Written by inbound, removed a month later (prune.ts).
 */
export const optIn = pgTable(
  "opt_in",
  { channel: text().notNull(), thread: text().notNull(), at: timestamptz().notNull() },
  (t) => [primaryKey({ columns: [t.channel, t.thread] }), index("opt_in_at").on(t.at)],
);
