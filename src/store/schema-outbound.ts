/** Parts that go out, and what platforms report on them. The rules stand in schema.ts. */
import { sql } from "drizzle-orm";
import {
  boolean,
  date,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { identity, reference, timestamptz } from "./schema-columns.ts";

/** One part that a turn decided to send, to a customer or to the desk. Unsettled parts of a thread leave in order. */
export const outbox = pgTable(
  "outbox",
  {
    id: identity(),
    conversation: reference().notNull(),
    /** The event that caused it; with `n` the last net against a double turn. */
    event: reference().notNull(),
    n: smallint().notNull(),
    channel: text().notNull(),
    /** The place where it goes, and the stream it is ordered in (O1). */
    thread: text().notNull(),
    /** reply: dropped when its epoch is stale; notice: never dropped (T8). */
    kind: text().notNull(),
    epoch: integer().notNull(),
    /** The message it is a part of; null for the desk's. */
    message: reference(),
    /** A FittedPart, or what the desk is to show. */
    content: json().$type<unknown>().notNull(),
    createdAt: timestamptz().notNull().defaultNow(),
    /** Not before this; moved by a platform's Retry-After. */
    dueAt: timestamptz().notNull().defaultNow(),
    leaseUntil: timestamptz(),
    /** Stamped in the claim, before anything leaves; cleared where it is certain that nothing did (O2). */
    attemptedAt: timestamptz(),
    attempts: smallint().notNull().default(0),
    /** The day (UTC) for whose ceiling it was counted last; null: never. */
    countedOn: date({ mode: "string" }),
    /** null while it waits; else sent | dropped | failed | parked. Parked: its outcome is unknown, a person decides. */
    outcome: text(),
    settledAt: timestamptz(),
    remoteId: text(),
    /** The last error, in words for the operator. */
    error: text(),
  },
  (t) => [
    uniqueIndex("outbox_event").on(t.event, t.n),
    index("outbox_stream").on(t.channel, t.thread, t.id).where(sql`outcome is null`),
    index("outbox_due").on(t.dueAt).where(sql`outcome is null`),
    index("outbox_conversation").on(t.conversation, t.id),
  ],
);

/** The platform's report on a part it accepted; may come before our own send has returned. Only moves up (O3). */
export const delivery = pgTable(
  "delivery",
  {
    channel: text().notNull(),
    remoteId: text("remote_id").notNull(),
    /** null until the send that got this id has returned. */
    outbox: reference(),
    status: text().notNull(),
    /** The order of `status`; an update never lowers it. */
    rank: smallint().notNull(),
    code: text(),
    /** It failed because its recipient has opted out. */
    optedOut: boolean("opted_out").notNull().default(false),
    updatedAt: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.remoteId] }), index("delivery_outbox").on(t.outbox)],
);
