/**
 * Tables of inbound messages and conversations, in the order in which a message meets them; the other schema files
 * follow the same rules. Comments say what a row is and which stage writes it.
 *
 * 1. Postgres holds the truth; lanes hold wake-ups. Everything that must not be lost is a row here.
 * 2. Tables on the hot path (message, event, outbox, ask, alarm) have no foreign keys: their rows are written in the
 *    same statement as the row they point to, and each check would cost a query per row. Elsewhere keys are declared.
 * 3. Waiting rows are found by a partial index over just them, so the index stays as small as the backlog.
 * 4. Columns that are only read whole (state, payload, content) are `json`, stored as written; `jsonb` is for those that
 *    are queried.
 * 5. Ids come from identity sequences. A customer's messages draw theirs under the lock of their conversation, so they
 *    commit in that order; answers, alarms, receipts and operators' actions may commit in another order than that of
 *    their ids, so nothing ever reads "everything after id N": waiting rows are found by a column that is still null.
 */
import { sql } from "drizzle-orm";
import {
  boolean,
  customType,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { identity, reference, timestamptz } from "./schema-columns.ts";

const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({ dataType: () => "bytea" });

/** The version that code must support to use this schema; see migrate.ts. */
export const schemaVersion = pgTable("schema_version", {
  /** Always true: there is one row. */
  only: boolean().primaryKey().default(true),
  /** Raised by a migration that breaks older code, which then refuses to start. */
  breaking: integer().notNull(),
  /** Permanent id of this database, so that idempotency keys kept by other systems never match another one. */
  installation: uuid().notNull().defaultRandom(),
});

// ─── What came in ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Bodies received from platforms, byte for byte, kept so that they can be parsed again (I4). Written by inbound. */
export const rawInbound = pgTable(
  "raw_inbound",
  {
    id: identity(),
    /** The channel's name in frontdesk.yaml. */
    channel: text().notNull(),
    contentType: text("content_type").notNull(),
    body: bytea().notNull(),
    receivedAt: timestamptz().notNull(),
    /** stored | ignored. Receipts have no row here, only in `delivery`. */
    outcome: text().notNull(),
    /** Reason why it was ignored; null where it was not. */
    reason: text(),
  },
  (t) => [index("raw_inbound_ignored").on(t.channel, t.id).where(sql`outcome = 'ignored'`)],
);

/** Deduplication keys of inbound items, by channel; the unique key makes a platform's retry harmless (I2). */
export const dedupeKey = pgTable(
  "dedupe_key",
  {
    channel: text().notNull(),
    key: text().notNull(),
    /** The raw inbound that came first. */
    raw: reference().notNull(),
    /** Number of repeats. */
    repeats: integer().notNull().default(0),
    seenAt: timestamptz().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.key] }), index("dedupe_key_seen").using("brin", t.seenAt)],
);

/**
 * Ids of platforms that are too long for an index, under the digest that stands for them in all other tables. Written by
 * inbound, read before something is sent.
 */
export const longId = pgTable("long_id", {
  digest: text().primaryKey(),
  value: text().notNull(),
});

/** A person or company we support. Written by inbound when an unknown address writes. */
export const contact = pgTable("contact", {
  id: identity(),
  name: text().notNull().default(""),
  email: text().notNull().default(""),
  phone: text().notNull().default(""),
  /** BCP 47 primary subtag, "" when unknown. */
  language: text().notNull().default(""),
  blocked: boolean().notNull().default(false),
  attributes: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  createdAt: timestamptz().notNull().defaultNow(),
});

/** One way to reach a contact on one channel. */
export const address = pgTable(
  "address",
  {
    channel: text().notNull(),
    /** As the adapter writes it; opaque to all other code. */
    value: text().notNull(),
    contact: reference().notNull(),
    createdAt: timestamptz().notNull().defaultNow(),
    /**
     * Counts of messages from it, for the sender's brake, in windows that begin with the first. `…Told`: people were
     * told that the limit was exceeded.
     */
    minuteAt: timestamptz().notNull().defaultNow(),
    minuteCount: integer().notNull().default(0),
    minuteTold: boolean().notNull().default(false),
    hourAt: timestamptz().notNull().defaultNow(),
    hourCount: integer().notNull().default(0),
    hourTold: boolean().notNull().default(false),
    dayAt: timestamptz().notNull().defaultNow(),
    dayCount: integer().notNull().default(0),
    dayTold: boolean().notNull().default(false),
  },
  // The counts are in no index, so that their updates are HOT.
  (t) => [primaryKey({ columns: [t.channel, t.value] }), index("address_contact").on(t.contact)],
);

/** One matter with one contact. Opened by inbound, updated by turns; `version` guards every turn's write (T2). */
export const conversation = pgTable(
  "conversation",
  {
    id: identity(),
    channel: text().notNull(),
    /** The platform's container, as the adapter writes it. */
    thread: text().notNull(),
    contact: reference().notNull(),
    /** True when a new message of the thread joins it: open, or closed for less than `reopen_within` (I7). */
    joinable: boolean().notNull().default(true),
    /** Raised by every turn; a turn that read an older one writes nothing. */
    version: integer().notNull().default(0),
    /** Raised by claim, take-over and an operator's first reply; older replies of the bot are not sent (T8). */
    epoch: integer().notNull().default(0),
    /** The fold of its journal (turn/core/state.ts); null until its first turn. */
    state: json().$type<unknown>(),
    openedAt: timestamptz().notNull().defaultNow(),
    lastInboundAt: timestamptz().notNull().defaultNow(),
    /** null while it is open. */
    closedAt: timestamptz(),
    /** The conversation whose case this one's was merged into; null: none. It takes messages for as long as that one. */
    mergedInto: reference(),
  },
  (t) => [
    uniqueIndex("conversation_joinable").on(t.channel, t.thread).where(sql`joinable`),
    // No indexed column changes with a message or a turn, so that those updates are HOT.
    index("conversation_thread").on(t.channel, t.thread, t.id),
    index("conversation_open").on(t.channel, t.id).where(sql`closed_at is null`),
    index("conversation_contact").on(t.contact),
    index("conversation_closing").on(t.closedAt, t.id).where(sql`joinable and closed_at is not null`),
    index("conversation_closed").on(t.closedAt).where(sql`not joinable and closed_at is not null`),
    index("conversation_merged").on(t.mergedInto).where(sql`merged_into is not null`),
  ],
);

/** One utterance, inbound or outbound, as people read it in the transcript. */
export const message = pgTable(
  "message",
  {
    id: identity(),
    conversation: reference().notNull(),
    /** customer | bot | operator */
    author: text().notNull(),
    authorName: text().notNull().default(""),
    text: text().notNull(),
    attachments: jsonb().$type<unknown[]>().notNull().default([]),
    /** The platform's id of it; null for ours. */
    externalId: text(),
    /** The raw inbound it was read from; null for ours. */
    raw: reference(),
    at: timestamptz().notNull(),
    /** Time of its latest change or withdrawal (its text is "" then); null: never. */
    amendedAt: timestamptz(),
  },
  (t) => [index("message_conversation").on(t.conversation, t.id)],
);

/** A file that a customer or an operator sent, fetched from its platform and stored, to be shown and sent on. */
export const file = pgTable(
  "file",
  {
    id: identity(),
    conversation: reference().notNull(),
    /** The ask that fetched it; a second fetch is the same file. */
    ask: text().notNull(),
    /** Unguessable; it grants access to the file until `linkUntil`. */
    token: text().notNull(),
    name: text().notNull(),
    mediaType: text("media_type").notNull(),
    bytes: integer().notNull(),
    sha256: text().notNull(),
    content: bytea().notNull(),
    at: timestamptz().notNull().defaultNow(),
    /** Time until which the token works; in the past where the link was revoked. */
    linkUntil: timestamptz().notNull().default(sql`now() + interval '7 days'`),
  },
  (t) => [
    uniqueIndex("file_ask").on(t.ask),
    uniqueIndex("file_token").on(t.token),
    index("file_conversation").on(t.conversation, t.id),
  ],
);

/**
 * A one-time link that opens the playground from another machine, and the visit that it was exchanged for. Tokens and
 * visits are stored as SHA-256, so that a copy of the table opens nothing. Shared by all web processes.
 */
export const pageLink = pgTable(
  "page_link",
  {
    token: text().primaryKey(),
    /** It can't be used after this. */
    expiresAt: timestamptz().notNull(),
    /** The secret in the browser's cookie; null until the link is used. */
    visit: text(),
    visitEndsAt: timestamptz(),
  },
  (t) => [uniqueIndex("page_link_visit").on(t.visit)],
);
