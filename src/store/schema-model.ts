/** Tables of what language models are asked and cost. The rules are in schema.ts. */
import { sql } from "drizzle-orm";
import { bigint, boolean, doublePrecision, index, integer, json, pgTable, text } from "drizzle-orm/pg-core";
import { identity, reference, timestamptz } from "./schema-columns.ts";

/**
 * One request to a model: inserted before it leaves, as a reservation of what it may cost, and settled to what it did. A
 * reservation whose process died counts until it expires.
 */
export const modelCall = pgTable(
  "model_call",
  {
    id: identity(),
    conversation: reference().notNull(),
    /** Id of the procedure that it was made for; null: none. */
    procedure: text(),
    /** The procedure's run, unique within the conversation. */
    run: text(),
    /** Its use, in one word ("turn", "classify"). */
    purpose: text().notNull(),
    tier: text().notNull(),
    /** As frontdesk.yaml names it. */
    model: text().notNull(),
    at: timestamptz().notNull().defaultNow(),
    /** What it may cost at most, US dollars; 0 where the price is unknown. */
    reservedUsd: doublePrecision().notNull(),
    reservedTokens: integer().notNull(),
    /** Time from which on an open reservation does not count any more. */
    expiresAt: timestamptz().notNull(),
    /** answered, or a fault of model/outcome.ts; `lost`: its process died. null while it is open. */
    outcome: text(),
    inputTokens: integer().notNull().default(0),
    /** Those of the input that the server had in its prompt cache. */
    cachedTokens: integer().notNull().default(0),
    outputTokens: integer().notNull().default(0),
    /** US dollars; null where the price is unknown. */
    costUsd: doublePrecision(),
    /** True where the server did not say what it used, so that the reservation stands in for it. */
    estimated: boolean().notNull().default(false),
    tookMs: integer(),
  },
  (t) => [
    index("model_call_open").on(t.expiresAt).where(sql`outcome is null`),
    index("model_call_conversation").on(t.conversation),
    index("model_call_at").on(t.at),
  ],
);

/**
 * What settled calls have used, by scope: "day:2026-11-29" (UTC), "conversation:12", "procedure:12:e5.0". Locked, in the
 * order of the scopes, by every reservation.
 */
export const modelBudget = pgTable(
  "model_budget",
  {
    scope: text().primaryKey(),
    /** The conversation that it goes with; null: a day's. */
    conversation: bigint({ mode: "number" }),
    costUsd: doublePrecision().notNull().default(0),
    tokens: bigint({ mode: "number" }).notNull().default(0),
    at: timestamptz().notNull().defaultNow(),
  },
  (t) => [
    index("model_budget_conversation").on(t.conversation).where(sql`conversation is not null`),
    index("model_budget_day").on(t.at).where(sql`conversation is null`),
  ],
);

/** Answers to requests that may be answered from here: classification and extraction. Bounded in number and age (prune.ts). */
export const modelCache = pgTable(
  "model_cache",
  {
    /** SHA-256 of the model, the messages, the tools and the shape of the answer. */
    key: text().primaryKey(),
    answer: json().$type<unknown>().notNull(),
    at: timestamptz().notNull().defaultNow(),
  },
  (t) => [index("model_cache_at").on(t.at)],
);
