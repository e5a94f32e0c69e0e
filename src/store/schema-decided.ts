/** Tables of what happened in conversations and what was decided. The rules are in schema.ts. */
import { sql } from "drizzle-orm";
import { index, integer, json, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { identity, reference, timestamptz } from "./schema-columns.ts";

/** The journal: what happened to a conversation, and what was decided. Pending while `seq` is null. */
export const event = pgTable(
  "event",
  {
    id: identity(),
    conversation: reference().notNull(),
    /** See turn/core/event.ts. */
    kind: text().notNull(),
    payload: json().$type<unknown>().notNull(),
    /** The event whose handling caused this one; null: it came from outside. */
    cause: reference(),
    /** Deduplication key ("answer:<ask>"), null where it needs none (T5). */
    dedupe: text(),
    /** The only clock that transitions know (T10). */
    at: timestamptz().notNull().defaultNow(),
    /** Its place in the order of handling, from 1; null while it waits. */
    seq: integer(),
    handledAt: timestamptz(),
    /** The release that was live when it was handled. */
    release: integer(),
    /** The decisions and their reasons, in plain words: [{code, message}]. */
    lines: json().$type<unknown[]>(),
    /** Reason why it was quarantined, after which the conversation goes to a person (T12); null: it was not. */
    quarantined: text(),
    /** Number of the payload's format; a program that does not know it leaves the event to one that does (V1). */
    format: smallint().notNull().default(1),
    /** The conversation's version after the turn that handled it: events of one turn have one number (V2). */
    turn: integer(),
    /** The event as it was handled, {kind, payload}, where an edit or deletion had changed it; null: as it came (V2). */
    effective: json().$type<unknown>(),
    /** The settings in force when it was handled (V2). */
    setting: integer(),
    /** Turns that began with it after an earlier one was lost; a mark is left before each (P1). */
    tries: smallint().notNull().default(0),
    /** Time of the latest such mark. */
    triedAt: timestamptz(),
  },
  (t) => [
    index("event_pending").on(t.conversation, t.id).where(sql`seq is null`),
    index("event_journal").on(t.conversation, t.seq).where(sql`seq is not null`),
    uniqueIndex("event_dedupe").on(t.dedupe).where(sql`dedupe is not null`),
  ],
);

/**
 * Settings that a turn may look up beside the release: the desk's rules and the channels' capabilities, each distinct set
 * once, so that what was decided can be decided again (V2).
 */
export const setting = pgTable("setting", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  hash: text().notNull().unique(),
  body: jsonb().$type<unknown>().notNull(),
  at: timestamptz().notNull().defaultNow(),
});

/** A workflow's run that is under way. Written by turns, only where it changed; removed when it ends. */
export const run = pgTable(
  "run",
  {
    conversation: reference().notNull(),
    /** Unique within the conversation ("e812.0"). */
    id: text().notNull(),
    /** Number of the body's format; see `event.format`. */
    format: smallint().notNull(),
    /** The release that it is pinned to (T7). */
    release: integer().notNull(),
    /** workflow/run.ts */
    body: json().$type<unknown>().notNull(),
    startedAt: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.conversation, t.id] })],
);

/**
 * An effect that needs a result: requested, started (attempt n, by whom), and in the end succeeded, failed, unknown,
 * cancelled or expired (E3). Leased by the process that runs it; its answer comes back as an event (T3).
 */
export const ask = pgTable(
  "ask",
  {
    /** Derived from the event that asked: "e812.a0". */
    id: text().primaryKey(),
    conversation: reference().notNull(),
    /** The request: {kind: "call", connector, operation, input, timeoutMs, key}. */
    request: json().$type<unknown>().notNull(),
    /** The release whose connectors it uses. */
    release: integer().notNull(),
    dueAt: timestamptz().notNull().defaultNow(),
    /** Time until which its process counts as alive. */
    leaseUntil: timestamptz(),
    /** Set before anything is sent, so that after a crash a write of unknown outcome is recognised (O2). */
    attemptedAt: timestamptz(),
    attempts: smallint().notNull().default(0),
    /** Set when it ends, however it ends; null while it is open. */
    answeredAt: timestamptz(),
    /** Duration of the answer, milliseconds. */
    tookMs: integer(),
    /** Name of the slots that it shares with others ("call:crm"), so that slow calls of one connector delay no other's (E5). */
    bulkhead: text().notNull().default(""),
    /** Time after which it is given up (E3). */
    expiresAt: timestamptz(),
    /** Set when a turn no longer wants it: it never starts, or its signal is aborted (E4). */
    cancelledAt: timestamptz(),
    /** The latest claimant's process; see lib/process-number.ts. */
    claimedBy: integer("claimed_by"),
    /** Time until which the claimant's request may still be in flight; nobody takes it over before (E2). */
    inFlightUntil: timestamptz(),
    /** succeeded | failed | unknown | cancelled | expired; null while it is open, and for those of earlier builds. */
    outcome: text(),
  },
  (t) => [
    index("ask_open").on(t.dueAt).where(sql`answered_at is null`),
    index("ask_bulkhead").on(t.bulkhead, t.dueAt, t.id).where(sql`answered_at is null`),
    index("ask_conversation").on(t.conversation),
  ],
);

/** The process that sweeps. Each format of our rows has a sweeper of its own, since older programs leave newer work alone. */
export const sweeper = pgTable("sweeper", {
  format: integer().primaryKey(),
  process: integer().notNull(),
  /** Another process takes over after this. */
  leaseUntil: timestamptz().notNull(),
});

/** A durable wake-up; when due it is replaced by an event. */
export const alarm = pgTable(
  "alarm",
  {
    conversation: reference().notNull(),
    /** Unique within the conversation; setting it again moves it. */
    id: text().notNull(),
    dueAt: timestamptz().notNull(),
  },
  (t) => [primaryKey({ columns: [t.conversation, t.id] }), index("alarm_due").on(t.dueAt)],
);
