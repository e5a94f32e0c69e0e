/** Random conversations: acts of customers, operators, connectors, clocks and platforms, in any order. */
import * as fc from "fast-check";
import type { TurnWrite } from "../../src/store/commit-turns.ts";
import type { LoadedTurn } from "../../src/store/load-turns.ts";
import { storableJson } from "../../src/store/text.ts";
import type { Catalog } from "../../src/turn/core/catalog.ts";
import type { State } from "../../src/turn/core/state.ts";
import { fold } from "../../src/turn/fold.ts";
import type { EventRow } from "../../src/turn/journal.ts";
import { readSnapshot } from "../../src/turn/snapshot.ts";
import { catalogOf, DANA, release } from "./scene.ts";
import { HANDED_BACK, REMINDER, SURVEY, TRIAGE } from "./workflows.ts";

/** Makes the next event from the state so far: the open question, the pending ask, the alarms set. */
export type Recipe = (so: SoFar) => { kind: string; payload: object; waitMs?: number };

interface SoFar {
  state: State | null;
  /** Ids of the asks so far; those that were called off among them. */
  asks: readonly string[];
  alarms: ReadonlyMap<string, Date>;
}

const FROM = { address: "dana", displayName: "Dana Smith", trust: "asserted" };
/** Another person in the same thread. */
const BOB = { id: 8, name: "Bob", email: "", phone: "", language: "", blocked: false, attributes: {} };
const customerPayload = (content: object, { foreign = false } = {}) => ({
  message: 1,
  contact: foreign ? BOB : DANA,
  content: { ...content, from: foreign ? { ...FROM, address: "bob", displayName: "Bob" } : FROM },
});
const message =
  (text: string): Recipe =>
  () => ({
    kind: "message",
    payload: customerPayload({ text, attachments: [] }),
  });

const words = fc.constantFrom(
  "1",
  "2",
  "3",
  "0",
  "agent",
  "an invoice",
  "1234",
  "stop it",
  "thanks",
  "",
  "👍",
  "order",
);
const texts = fc.oneof(
  { weight: 4, arbitrary: words },
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 10 }),
);
const commands = fc.oneof(
  fc.constantFrom("claim", "unclaim", "take_over", "hand_back", "resolve").map((what) => ({ kind: what })),
  fc.constantFrom("billing", "front-line", "nowhere").map((queue) => ({ kind: "transfer", queue })),
  fc
    .constantFrom("survey", "by-hand", "grow", "greet", "refund", "nothing")
    .map((workflow) => ({ kind: "run", workflow })),
  fc
    .tuple(fc.constantFrom("say", "reply", "note"), fc.constantFrom("hi", "// hi", "🔒", " "))
    .map(([what, text]) => ({ kind: what, text })),
  fc.constantFrom(
    { kind: "off_duty" },
    { kind: "release", reason: "Gone" },
    { kind: "merge", into: 9 },
    { kind: "merge", into: 3 },
    { kind: "start", text: "We write first.", queue: "billing" },
    { kind: "reply", text: "hi", seen: { holder: null, queue: "billing" } },
  ),
);
const refs = fc.constantFrom("w1", "w2", "w3", "w4");
const thoughts = fc.constantFrom("hi", "// hi", "", "see http://10.0.0.4/x", "x".repeat(5_000), "漢字".repeat(3_000));
/** Messages in the thread, each with its reference. */
const written = fc.oneof(
  fc.tuple(refs, thoughts, fc.boolean(), fc.boolean()).map(([ref, text, mentions, file]) => ({
    kind: "say",
    ref,
    text,
    shown: true,
    ...(mentions ? { mentions } : {}),
    ...(file ? { files: [{ ref: "F1", name: "a.png" }] } : {}),
  })),
  fc.tuple(refs, thoughts).map(([ref, text]) => ({ kind: "edit", ref, text })),
  fc.tuple(fc.constantFrom("delete", "send_held", "keep_held"), refs).map(([what, ref]) => ({ kind: what, ref })),
);
const FILE = { id: 5, name: "a.png", mediaType: "image/png", bytes: 400, token: "t0k3n" };
const operators = fc.constantFrom("alex", "alex", "kim", "frontdesk");
const works = fc.constantFrom(null, null, ["billing", "front-line"], []);
const results = fc.oneof(
  fc.jsonValue().map((value) => ({ ok: true, value })),
  fc.boolean().map((retryable) => ({ ok: false, error: { reason: "timeout", message: "Late.", retryable } })),
);

export const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 6, arbitrary: texts.map(message) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(5), fc.boolean(), fc.integer({ min: 0, max: 4 })).map(
      ([at, stale, who]): Recipe =>
        ({ state }) => {
          const option = state?.prompt?.options[at % Math.max(1, state.prompt.options.length)];
          const promptId = stale ? "e1.old" : (state?.prompt?.id ?? "none");
          return {
            kind: "choice",
            payload: customerPayload(
              { text: option?.label ?? "x", promptId, optionId: option?.id ?? "x" },
              { foreign: who === 0 },
            ),
          };
        },
    ),
  },
  {
    weight: 9,
    arbitrary: fc.tuple(operators, fc.oneof(commands, written), works).map(
      ([id, command, queues]): Recipe =>
        () => ({
          kind: "operator",
          payload: { queues, content: { operator: { id, name: id }, command } },
        }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.boolean(), fc.nat(3)).map(
      ([foreign, files]): Recipe =>
        () => ({
          kind: "message",
          payload: customerPayload(
            { text: "look", attachments: Array.from({ length: files }, () => ({ ref: "F1" })) },
            { foreign },
          ),
        }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        { kind: "delivered", payload: { ref: "w1" } },
        { kind: "undelivered", payload: { outbox: 4, desk: false, ref: "w1", outcome: "failed", reason: "No answer" } },
        { kind: "elsewhere", payload: { from: 9, author: "Dana", channel: "text", text: "and?" } },
        { kind: "elsewhere", payload: { from: 8, author: "Dana", channel: "text", text: "and?" } },
        {
          kind: "merged",
          payload: {
            from: 9,
            by: "Kim",
            customer: "Dana",
            channel: "text",
            until: { message: 1, at: "2026-11-20T09:00:00.000Z" },
            waitingSince: null,
          },
        },
      )
      .map(
        (happening): Recipe =>
          () =>
            happening,
      ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(results, fc.nat(3)).map(
      ([result, back]): Recipe =>
        ({ asks }) => ({
          kind: "answer",
          payload: answerPayload(asks.at(-1 - back) ?? "none", result),
        }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(9).map(
      (at): Recipe =>
        ({ alarms }) => {
          const all = [...alarms.keys()];
          return { kind: "alarm", payload: { alarm: all[at % Math.max(1, all.length)] ?? "none" }, waitMs: 86_400_000 };
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("failed", "parked"), fc.boolean()).map(
      ([outcome, desk]): Recipe =>
        () => ({
          kind: "undelivered",
          payload: { outbox: 4, desk, outcome, reason: "No answer" },
        }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Recipe>(() => ({ kind: "dropped", payload: { outbox: 4, reason: "Taken over" } })),
  },
  // An unreadable event: quarantined, and people get the conversation (T12).
  {
    weight: 1,
    arbitrary: fc.constantFrom("message", "choice", "nonsense").map(
      (kind): Recipe =>
        () => ({ kind, payload: {} }),
    ),
  },
);

/** A part of unknown outcome. */
export const doubts: fc.Arbitrary<Recipe> = fc.constant<Recipe>(() => ({
  kind: "undelivered",
  payload: { outbox: 4, desk: false, outcome: "parked", reason: "No answer" },
}));

/** A part of unknown outcome that has arrived after all. */
export const arrivals: fc.Arbitrary<Recipe> = fc.constant<Recipe>(() => ({ kind: "arrived", payload: { outbox: 4 } }));

/** The answer to a file's ask is a file or a failure. */
const answerPayload = (ask: string, result: { ok: boolean }) => ({
  ask,
  result: result.ok && /\.f\d+$/.test(ask) ? { ok: true, value: FILE } : result,
});

/** Customers' edits and deletions. The turns decide if the message was handled before. */
export const amendments: fc.Arbitrary<Recipe> = fc.constantFrom("edit", "delete").chain((kind) =>
  fc.boolean().map(
    (foreign): Recipe =>
      () => ({
        kind,
        payload: customerPayload({ text: kind === "edit" ? "other words" : "", amends: kind, ref: "m1" }, { foreign }),
      }),
  ),
);

/** Words on which a carrier acts, and its refusals. The turns decide which parts are dropped. */
export const optOuts: fc.Arbitrary<Recipe> = fc.oneof(
  fc.constantFrom("opt_out", "opt_out", "opt_in", "help").map(
    (kind): Recipe =>
      () => ({ kind, payload: customerPayload({ text: "WORD", attachments: [], ours: "+15550100" }) }),
  ),
  fc.constant<Recipe>(() => ({
    kind: "undelivered",
    payload: { outbox: 4, desk: false, outcome: "failed", reason: "21610", optedOut: true },
  })),
);

/** Waits, then asks, in the background. */
const BY_HAND = `
title: By hand
status: live
on: manual
steps:
  - say: Hello again.
  - wait: 10m
  - ask: Shall we call?
    options: { yes_please: Call me, no_thanks: Write to me }
    remind_after: 5m
  - use: crm.get
    with: { key: "{{ choice }}" }
  - close: abandoned
`;

/** Changes something outside, in the dialogue. */
const REFUND = `
title: Refund
status: live
on: [manual, message.received]
if: message.text.contains("order") || message.text == "👍"
steps:
  - use: crm.refund
    with: { key: "1" }
    save: refund
  - say: It is made.
`;

const GREET = `
title: Greet
status: live
on: manual
steps: [{ say: Good to see you. }]
`;

/** Stores as much as it can. */
const GROW = `
title: Grow
status: live
on: [manual, { conversation.idle: { for: 1h } }, conversation.closed]
steps:
  - tag: "{{ message.text }}{{ now }}"
  - note: "{{ message.text }}{{ message.text }}"
  - set: { seen: "{{ message.text }}{{ message.text }}{{ message.text }}" }
  - wait: 90d
  - set: { more: "{{ seen }}" }
`;

const historyCatalog = (more: Readonly<Record<string, string>> = {}): Catalog =>
  catalogOf(
    release({
      triage: TRIAGE,
      back: HANDED_BACK,
      reminder: REMINDER,
      survey: SURVEY,
      "by-hand": BY_HAND,
      grow: GROW,
      greet: GREET,
      ...more,
    }),
    [],
    { undoMs: 5_000, can: { attachments: { support: "native", maxBytes: 1_000 } } },
  );

/** The release of the histories, with a channel of many capabilities. */
export const CATALOG = historyCatalog();
/** With a workflow that makes writes as well. */
export const WRITING_CATALOG = historyCatalog({ refund: REFUND });

const BEGINS = Date.parse("2026-11-20T10:00:00Z");

/** The rows that a history writes, as the database would hold them. */
export interface HistoryRows {
  kept: { seq: number; state: unknown } | null;
  runs: Map<string, LoadedTurn["runs"][number]>;
  /** The state after each turn. */
  states: State[];
  /** Ids of the asks that are open after each turn. */
  openAsks: string[][];
  handled: TurnWrite["handled"][number][];
  outbox: TurnWrite["outbox"][number][];
  messages: TurnWrite["messages"][number][];
  asks: TurnWrite["asks"][number][];
  audits: TurnWrite["audits"][number][];
  alarms: Map<string, Date>;
  /** The writes of all turns, in order. */
  writes: TurnWrite[];
}

/** Folds the events in turns of the given lengths; between turns the state is stored and read, as after a restart. */
export function foldInTurns(events: readonly EventRow[], lengths: readonly number[], catalog: Catalog): HistoryRows {
  const life: HistoryRows = {
    kept: null,
    runs: new Map(),
    states: [],
    openAsks: [],
    handled: [],
    outbox: [],
    messages: [],
    asks: [],
    audits: [],
    alarms: new Map(),
    writes: [],
  };
  let from = 0;
  for (const length of lengths) {
    const pending = events.slice(from, from + length);
    from += length;
    if (pending.length > 0) turn(life, pending, catalog);
  }
  return life;
}

function turn(life: HistoryRows, pending: readonly EventRow[], catalog: Catalog): void {
  const here = { id: 3, channel: "chat", thread: "t1", openedAt: new Date(BEGINS).toISOString() };
  const runs = [...life.runs.values()];
  const write = fold({ ...here, version: life.writes.length, state: life.kept, runs, pending }, catalog);
  life.kept = JSON.parse(storableJson(write.state)) as { seq: number; state: unknown };
  for (const run of write.runs) life.runs.set(run.id, JSON.parse(storableJson(run)) as LoadedTurn["runs"][number]);
  for (const id of write.endedRuns) life.runs.delete(id);
  const answered = new Set(
    pending.flatMap(({ kind, payload }) => (kind === "answer" ? [(payload as { ask?: string }).ask] : [])),
  );
  const open = [...(life.openAsks.at(-1) ?? []), ...write.asks.map(({ id }) => id)];
  life.openAsks.push(open.filter((id) => !answered.has(id)));
  life.states.push(readSnapshot({ ...here, state: life.kept, runs: [...life.runs.values()] }).state);
  life.handled.push(...write.handled);
  life.outbox.push(...write.outbox);
  life.messages.push(...write.messages);
  life.asks.push(...write.asks);
  life.audits.push(...write.audits);
  for (const id of write.cancelled) life.alarms.delete(id);
  for (const { id, dueAt } of write.alarms) life.alarms.set(id, dueAt);
  life.writes.push(write);
}

/** Plays the recipes one after the other, each on the state so far. Returns the journal's rows. */
export function playRecipes(recipes: readonly Recipe[], catalog: Catalog): { events: EventRow[]; life: HistoryRows } {
  const events: EventRow[] = [];
  const life = foldInTurns([], [], catalog);
  let at = BEGINS;
  for (const [n, next] of recipes.entries()) {
    const so = { state: life.states.at(-1) ?? null, asks: life.asks.map(({ id }) => id), alarms: life.alarms };
    const { kind, payload, waitMs = 20_000 } = next(so);
    at += waitMs;
    const row = {
      id: 100 + n,
      kind,
      payload: JSON.parse(storableJson(payload)) as unknown,
      at: new Date(at).toISOString(),
    };
    events.push(row);
    if (kind === "alarm") life.alarms.delete((payload as { alarm: string }).alarm);
    turn(life, [row], catalog);
  }
  return { events, life };
}
