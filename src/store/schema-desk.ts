/** Tables of cases, assignments, and what a desk knows of its platform. The rules are in schema.ts. */
import { sql } from "drizzle-orm";
import { boolean, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { identity, reference, timestamptz } from "./schema-columns.ts";

/** A conversation held by people: one card and one thread at the desk. Written by turns. */
export const deskCase = pgTable(
  "case",
  {
    conversation: reference().primaryKey(),
    queue: text().notNull(),
    /** new | with us | waiting for the customer | solved | with the bot */
    status: text().notNull(),
    /** The operator who holds it; null while nobody does. */
    holder: text(),
    holderName: text(),
    /** The facts that the card shows (domain/case.ts). */
    card: jsonb().$type<unknown>().notNull(),
    /** The desk's channel and thread that show it; null until it was shown. */
    deskChannel: text(),
    thread: text(),
    openedAt: timestamptz().notNull(),
    updatedAt: timestamptz().notNull(),
  },
  (t) => [
    index("case_queue").on(t.queue, t.status),
    index("case_open").on(t.holder).where(sql`status in ('new', 'with us', 'waiting for the customer')`),
    index("case_moved").on(sql`(card ->> 'channel')`, t.updatedAt),
    uniqueIndex("case_thread").on(t.deskChannel, t.thread).where(sql`thread is not null`),
  ],
);

/** Operators who held a conversation, from when to when. */
export const assignment = pgTable(
  "assignment",
  {
    id: identity(),
    conversation: reference().notNull(),
    operator: text().notNull(),
    queue: text().notNull(),
    fromAt: timestamptz().notNull(),
    /** null while it lasts. */
    untilAt: timestamptz(),
  },
  (t) => [index("assignment_open").on(t.conversation).where(sql`until_at is null`)],
);

/** Commands of operators: who, what, when, before, after. */
export const audit = pgTable(
  "audit",
  {
    id: identity(),
    conversation: reference().notNull(),
    event: reference().notNull(),
    operator: text().notNull(),
    action: text().notNull(),
    before: jsonb().$type<unknown>(),
    after: jsonb().$type<unknown>(),
    at: timestamptz().notNull(),
  },
  (t) => [index("audit_conversation").on(t.conversation, t.id)],
);

/** The place that shows a queue's cases, as its desk last found. Authors there are never customers. */
export const deskPlace = pgTable(
  "desk_place",
  {
    /** The desk's channel. */
    channel: text().notNull(),
    queue: text().notNull(),
    /** The container of the threads, as the adapter writes it (a Slack channel's id). */
    place: text().notNull(),
    /** Reason why nothing may be shown there; null: it may. */
    refused: text(),
    seenAt: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.queue] }), index("desk_place_place").on(t.channel, t.place)],
);

/**
 * Operators who work in a queue, as its desk last found. At a desk with members, an operator without a row works in no
 * queue.
 */
export const deskMember = pgTable(
  "desk_member",
  {
    channel: text().notNull(),
    queue: text().notNull(),
    operator: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.operator, t.queue] })],
);

/** Queues whose members the desk has looked up; a queue without a row has no known members, so nobody works there. */
export const deskRoster = pgTable(
  "desk_roster",
  {
    channel: text().notNull(),
    queue: text().notNull(),
    /** Reason why nobody works there; null: those in desk_member do. */
    closed: text(),
    seenAt: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.queue] })],
);

/** Operators' duty; an operator without a row is on duty. */
export const deskDuty = pgTable(
  "desk_duty",
  {
    channel: text().notNull(),
    operator: text().notNull(),
    onDuty: boolean("on_duty").notNull(),
    since: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.operator] })],
);

/** Times of periodic work that one process at a time does. */
export const deskLook = pgTable("desk_look", {
  what: text().primaryKey(),
  at: timestamptz().notNull(),
});
