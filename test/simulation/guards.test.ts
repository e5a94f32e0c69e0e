import { describe, expect, test } from "vitest";
import type { ProcedureRun } from "../../src/procedure/run.ts";
import { NOTHING_SEEN, type Watch, watchGuards } from "../../src/simulation/guards.ts";
import type { Ask, CallAsk } from "../../src/turn/core/ask.ts";
import type { Event, Happening } from "../../src/turn/core/event.ts";
import type { TransitionOutcome } from "../../src/turn/core/outcome.ts";
import { BILLING, CANCEL, SUB, shop } from "../procedure/cancel.ts";
import { procedureRelease, procedureScene } from "../procedure/scene.ts";
import { DANA, FROM } from "../turn/scene.ts";

const INPUT = { id: "sub_1", reason: "too_expensive" };
const release = procedureRelease({ procedures: { cancel: CANCEL }, connectors: { billing: BILLING } });

/** The run of a customer who was asked to agree to the cancellation. */
function asked(): { run: ProcedureRun; outcome: TransitionOutcome } {
  const scene = procedureScene(shop());
  scene.writes("cancel my plan");
  scene.presses("too_expensive");
  scene.presses("no");
  const run = scene.run();
  if (run?.pending?.kind !== "confirm") throw new Error("The customer was not asked");
  return { run, outcome: scene.play.last };
}

const { run: RUN, outcome: BASE } = asked();

const words: Happening = { kind: "message", message: 1, text: "yes", attachments: [], from: FROM };
const pressed = (optionId: string): Happening => ({
  kind: "choice",
  message: 1,
  text: "",
  promptId: "p",
  optionId,
  from: FROM,
});
const answer = (result: Extract<Happening, { kind: "answer" }>["result"]): Happening => ({
  kind: "answer",
  ask: "a1",
  result,
});
const LOST = { ok: false, error: { reason: "ambiguous", message: "", retryable: false } } as const;
const FAILED = { ok: false, error: { reason: "timeout", message: "", retryable: false } } as const;

interface Step {
  happens: Happening;
  /** A call that leaves; left out: none. */
  call?: Partial<CallAsk>;
  /** The question for agreement stays open, or is put. */
  asks?: boolean;
  declined?: boolean;
}

/** Shows the watch one step after the other. Returns what was broken. */
function broken(...steps: Step[]): readonly string[] {
  return steps.reduce<Watch>((watch, step, index) => watchGuards(watch, seenAt(step, index + 1)), NOTHING_SEEN).broken;
}

function seenAt({ happens, call, asks = false, declined = false }: Step, id: number) {
  const event = { id, at: new Date(0), ...happens } as Event;
  const request = {
    kind: "call",
    connector: "billing",
    operation: "cancel_subscription",
    input: INPUT,
    timeoutMs: null,
    key: "k",
    ...call,
  } as CallAsk;
  const open = {
    kind: "call",
    ask: `a${id}`,
    operation: "",
    write: true,
    call: { operation: "", args: {}, given: {}, exact: "" },
    once: null,
  } as const;
  const run: ProcedureRun = { ...RUN, pending: asks ? RUN.pending : null, asks: call === undefined ? [] : [open] };
  const [first] = BASE.state.runs;
  const runs = first === undefined ? [] : [{ ...first, procedure: run }];
  const asksNow: Ask[] = call === undefined ? [] : [{ id: `a${id}`, release: 1, request }];
  const lines = declined ? [{ code: "confirm.declined", message: "" }] : [];
  const outcome: TransitionOutcome = { ...BASE, state: { ...BASE.state, runs }, asks: asksNow, calledOff: [], lines };
  return { event, outcome, release, contact: DANA };
}

const QUESTION: Step = { happens: words, asks: true };
const UNASKED = "the customer was not asked about exactly this";

describe("guards that are watched over", () => {
  test("a write leaves on the customer's yes, in words or pressed", () => {
    expect(broken(QUESTION, { happens: words, call: {} })).toEqual([]);
    expect(broken(QUESTION, { happens: pressed("yes"), call: {} })).toEqual([]);
  });

  test.each<[string, readonly Step[], string]>([
    ["without a question", [{ happens: words, call: {} }], UNASKED],
    ["in the moment of the question", [{ happens: words, call: {}, asks: true }], UNASKED],
    ["with other arguments", [QUESTION, { happens: words, call: { input: { ...INPUT, id: "sub_2" } } }], UNASKED],
    ["after a no", [QUESTION, { happens: pressed("no"), declined: true }, { happens: words, call: {} }], UNASKED],
    ["on a pressed no", [QUESTION, { happens: pressed("no"), call: {} }], "the customer had not answered"],
    [
      "on nobody's word",
      [QUESTION, { happens: { kind: "alarm", alarm: "x" }, call: {} }],
      "the customer had not answered",
    ],
    ["twice for one yes", [QUESTION, { happens: words, call: {} }, { happens: words, call: {} }], UNASKED],
  ])("a write %s is seen", (_, steps, why) => {
    expect(broken(...steps)).toEqual([expect.stringContaining(why)]);
  });

  test("a call that the file does not list is seen", () => {
    expect(broken({ happens: words, call: { operation: "wipe" } })).toEqual([
      "billing.wipe was called, and cancel does not list it",
    ]);
  });

  test("a value of the contact that is not theirs is seen", () => {
    const fault = "billing.get_subscription was called for";
    const read = { operation: "get_subscription", input: {} };
    expect(broken({ happens: words, call: read })).toEqual([]);
    expect(broken({ happens: words, call: { ...read, identity: { id: "other" } } })).toEqual([
      expect.stringContaining(fault),
    ]);
  });

  test.each([
    [{ ok: true, value: SUB } as const, 1],
    [LOST, 1],
    [FAILED, 0],
  ])("what was used up is not done again, also where nobody knows: %j", (result, count) => {
    const first = { happens: words, call: {} };
    const found = broken(
      QUESTION,
      { ...first, happens: words },
      { happens: answer(result), asks: false },
      { happens: words },
    );
    expect(found).toEqual([]);
    // The ask of the second step is a2.
    const settledTwo: Happening = { kind: "answer", ask: "a2", result };
    const again = broken(QUESTION, first, { happens: settledTwo, asks: true }, { happens: words, call: {} });
    expect(again.filter((one) => one.includes("was called again for"))).toHaveLength(count);
  });
});
