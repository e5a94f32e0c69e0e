/** Outgoing parts, and what platforms report on them. The rules are in schema.ts. */
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

/** A part that a turn decided to send, to a customer or to the desk. The unsettled parts of a thread leave in order. */
export const outbox = pgTable(
  "outbox",
  {
    id: identity(),
    conversation: reference().notNull(),
    /** The event that caused it; unique with `n`, as a last guard against a turn committed twice. */
    event: reference().notNull(),
    n: smallint().notNull(),
    channel: text().notNull(),
    /** The thread it goes to, within which parts are ordered (O1). */
    thread: text().notNull(),
    /** reply: dropped when its epoch is stale; notice: never dropped; relay: a notice with an operator's words (T8). */
    kind: text().notNull(),
    epoch: integer().notNull(),
    /** The message it is a part of; null for the desk's parts. */
    message: reference(),
    /** A FittedPart, a PartChange or a DeskPart. */
    content: json().$type<unknown>().notNull(),
    createdAt: timestamptz().notNull().defaultNow(),
    /** Not sent before this time; moved by a platform's Retry-After. */
    dueAt: timestamptz().notNull().defaultNow(),
    leaseUntil: timestamptz(),
    /** Set by the claim, before anything leaves; cleared when it certainly did not leave (O2). */
    attemptedAt: timestamptz(),
    attempts: smallint().notNull().default(0),
    /** The latest claimant's process; see lib/process-number.ts. */
    claimedBy: integer("claimed_by"),
    /** Time until which the claimant's request may still be in flight; nobody takes the part over before (E2). */
    inFlightUntil: timestamptz(),
    /** The day (UTC) for whose ceiling it was last counted; null: never. */
    countedOn: date({ mode: "string" }),
    /** null while it waits; else sent | dropped | failed | parked (outcome unknown, a person decides). */
    outcome: text(),
    settledAt: timestamptz(),
    remoteId: text(),
    /** The last error, in words for the operator. */
    error: text(),
  },
  (t) => [
    uniqueIndex("outbox_event").on(t.event, t.n),
    index("outbox_stream").on(t.channel, t.thread, t.id).where(sql`outcome is null`),
    // Each channel's waiting parts in the order of their due time, for the sweep (P3).
    index("outbox_channel_due").on(t.channel, t.dueAt, t.id).where(sql`outcome is null`),
    index("outbox_conversation").on(t.conversation, t.id),
  ],
);

/** The platform's report on an accepted part; may come before our own send has returned. `rank` only rises (O3). */
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
    /** True when it failed because the recipient has opted out. */
    optedOut: boolean("opted_out").notNull().default(false),
    updatedAt: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.remoteId] }), index("delivery_outbox").on(t.outbox)],
);
