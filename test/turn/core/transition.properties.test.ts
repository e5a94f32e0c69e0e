import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storableJson } from "../../../src/store/text.ts";
import { initialState, type State } from "../../../src/turn/core/state.ts";
import { transition } from "../../../src/turn/core/transition.ts";
import { readEvent } from "../../../src/turn/journal.ts";
import {
  amendments,
  CATALOG as catalog,
  foldInTurns,
  type HistoryRows,
  optOuts,
  playRecipes,
  recipe,
} from "../histories.ts";

const recipes = fc.array(recipe, { minLength: 1, maxLength: 30 });
/** Recipes with edits and opt-outs, whose outcome depends on the turns in which they are handled. */
const withAmendments = fc.array(
  fc.oneof({ weight: 6, arbitrary: recipe }, { weight: 1, arbitrary: amendments }, { weight: 1, arbitrary: optOuts }),
  { minLength: 1, maxLength: 30 },
);
const RUNS = { numRuns: 150 };

/** Everything by which customers, operators and the journal could tell two histories apart. */
const trace = ({ states, handled, outbox, messages, asks, audits, alarms }: HistoryRows) => ({
  state: states.at(-1),
  // Only the first line of a stack does not depend on the caller.
  handled: handled.map((one) => ({ ...one, quarantined: one.quarantined?.split("\n", 1)[0] ?? null })),
  outbox: outbox.map((row) => ({ ...row, part: JSON.parse(storableJson(row.content)) as unknown })),
  messages,
  asks,
  audits,
  alarms: [...alarms].toSorted(([a], [b]) => (a < b ? -1 : 1)),
});

describe("random events in random order", () => {
  // V2: the journal's events, in the turns in which they were handled, give what was stored.
  it("folding the same events in the same turns again gives the same state, messages and journal", () => {
    fc.assert(
      fc.property(recipes, fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 }), (told, some) => {
        const { events } = playRecipes(told, catalog);
        const lengths = [...some, events.length];
        expect(trace(foldInTurns(events, lengths, catalog))).toEqual(trace(foldInTurns(events, lengths, catalog)));
      }),
      RUNS,
    );
  });

  it("no transition throws, changes its input, or decides differently when repeated", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        const { events } = playRecipes(told, catalog);
        let state: State = initialState({ channel: "chat", thread: "t1", openedAt: "2026-11-20T10:00:00.000Z" });
        for (const row of events.filter(
          ({ payload, kind }) => Object.keys(payload as object).length > 0 && kind !== "nonsense",
        )) {
          const event = readEvent(row);
          const given = deepFreeze(state);
          const outcome = transition(given, event, { catalog, conversation: 3 });
          expect(transition(given, event, { catalog, conversation: 3 })).toEqual(outcome);
          state = outcome.state;
        }
      }),
      RUNS,
    );
  });

  it("only an unreadable event is quarantined", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        const { events, life } = playRecipes(told, catalog);
        const unread = events.filter(({ payload }) => Object.keys(payload as object).length === 0).map(({ id }) => id);
        expect(life.handled.filter(({ quarantined }) => quarantined !== null).map(({ id }) => id)).toEqual(unread);
      }),
      RUNS,
    );
  });

  // T8
  it("the bot does not speak while people hold the conversation", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        const { life } = playRecipes(told, catalog);
        let heldBefore = false;
        for (const [at, write] of life.writes.entries()) {
          const state = life.states[at] as State;
          const heldAfter = state.case?.held === true;
          if (heldBefore && heldAfter) expect(write.outbox.filter(({ kind }) => kind === "reply")).toEqual([]);
          if (heldAfter) expect(state.prompt).toBeNull();
          heldBefore = heldAfter;
        }
      }),
      RUNS,
    );
  });

  it("nothing is sent to a customer who has opted out, and no prompt is open", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        const { life } = playRecipes(told, catalog);
        let outBefore = false;
        for (const [at, write] of life.writes.entries()) {
          const state = life.states[at] as State;
          const outAfter = state.optedOut !== null;
          const toThem = write.outbox.filter(({ thread, dropped }) => thread === "t1" && dropped === null);
          if (outBefore && outAfter && write.handled.length === 1) expect(toThem).toEqual([]);
          if (outAfter) expect(state.prompt).toBeNull();
          if (outAfter) expect(state.case?.words.filter(({ stage }) => stage !== "sent") ?? []).toEqual([]);
          outBefore = outAfter;
        }
      }),
      RUNS,
    );
  });

  it("there is at most one open question, and the run that asked it waits for its answer", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        for (const state of playRecipes(told, catalog).life.states) {
          const asking = state.runs.flatMap(({ id, waits }) =>
            waits.flatMap((wait) => ("prompt" in wait ? [[id, wait.prompt]] : [])),
          );
          expect(asking).toEqual(state.prompt === null ? [] : [[state.prompt.run, state.prompt.id]]);
          expect(state.runs.filter(({ ground }) => ground === "foreground").length).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  it("every stored alarm is one that a run, a workflow or a reply waits for", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        const { life } = playRecipes(told, catalog);
        const state = life.states.at(-1);
        const waited = JSON.stringify([
          [...(state?.runs ?? []), ...(state?.case?.suspended?.runs ?? [])].map(({ waits }) => waits),
          state?.idle.map((id) => `idle:${id}`),
          state?.case?.words.filter(({ stage }) => stage === "leaving").map(({ ref }) => `undo:${ref}`),
        ]);
        for (const id of life.alarms.keys()) expect(waited).toContain(id.replace(/:(remind|giveup)$/, ""));
      }),
      RUNS,
    );
  });

  it("a closed conversation holds no case open, and one that people hold is open", () => {
    fc.assert(
      fc.property(withAmendments, (told) => {
        for (const state of playRecipes(told, catalog).life.states) {
          if (state.case?.held === true) expect(state.phase).toBe("open");
          if (state.phase === "closed") expect(state.resolution).not.toBeNull();
        }
      }),
      RUNS,
    );
  });
});

// T11
describe("a long history", () => {
  const long = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc
          .constantFrom("漢字", "\u0001", "word ")
          .chain((unit) => fc.integer({ min: 1, max: 5_000 }).map((n) => unit.repeat(n)))
          .map(messageOf),
      },
      { weight: 3, arbitrary: fc.constant(startWorkflow("grow")) },
      { weight: 2, arbitrary: fc.nat(60).map(pendingReply) },
      { weight: 1, arbitrary: amendments },
      { weight: 3, arbitrary: recipe },
    ),
    { minLength: 60, maxLength: 120 },
  );

  it("keeps the state below 64 kB", () => {
    fc.assert(
      fc.property(long, (told) => {
        for (const { state } of playRecipes(told, catalog).life.writes) {
          expect(Buffer.byteLength(storableJson(state))).toBeLessThan(64 * 1024);
        }
      }),
      { numRuns: 15 },
    );
  });
});

function messageOf(text: string) {
  return () => ({
    kind: "message",
    payload: {
      message: 1,
      contact: { id: 7, name: "Dana", email: "", phone: "", language: "", blocked: false, attributes: {} },
      content: { text, attachments: [], from: { address: "dana", displayName: "", trust: "asserted" } },
    },
  });
}

/** A reply of an operator's that waits for a decision, or to be sent. */
function pendingReply(n: number) {
  const command = { kind: "say", ref: `long${n}`, text: "漢字".repeat(100 * n), shown: true, mentions: n % 2 === 0 };
  return () => ({ kind: "operator", payload: { content: { operator: { id: "alex", name: "Alex" }, command } } });
}

function startWorkflow(workflow: string) {
  return () => ({
    kind: "operator",
    payload: { content: { operator: { id: "alex", name: "Alex" }, command: { kind: "run", workflow } } },
  });
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inside of Object.values(value)) deepFreeze(inside);
  }
  return value;
}
