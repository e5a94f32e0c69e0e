import { describe, expect, it } from "vitest";
import type { CallResult } from "../../../../src/domain/call.ts";
import { ALEX, atDesk, catalogOf, codes, release, scene, toCustomer } from "../../scene.ts";

const FLOW = (operation: string) => `
title: Flow
status: live
on: [conversation.opened]
steps: [{ use: crm.${operation}, with: { key: "1" }, save: found }, { say: done }]
`;
const failure = (reason: "ambiguous" | "cancelled" | "refused"): CallResult => ({
  ok: false,
  error: { reason, message: "No.", retryable: false },
});

/** A conversation whose workflow made a call when an operator took over. */
function takenOver(operation: string) {
  const play = scene(catalogOf(release({ flow: FLOW(operation) })));
  play.writes("hello");
  const ask = play.last.asks[0]?.id ?? "";
  play.does(ALEX, { kind: "take_over" });
  return { play, ask };
}
const told = (result: CallResult): string[] => {
  const { play, ask } = takenOver("refund");
  play.answers(result, ask);
  return atDesk(play.last).map(({ text }) => text);
};

// E4
describe("a call whose workflow was stopped", () => {
  it.each(["get", "refund"])("is called off: crm.%s", (operation) => {
    const { play, ask } = takenOver(operation);
    expect(play.last.calledOff).toEqual([ask]);
    expect(play.state.runs).toEqual([]);
  });

  it("has its outcome told to people where it was a write", () => {
    expect(told({ ok: true, value: {} })).toEqual(["crm.refund was made after Alex took over."]);
    expect(told(failure("ambiguous"))).toEqual(["It is unknown whether crm.refund was made, after Alex took over."]);
    expect(told(failure("cancelled"))).toEqual(["crm.refund was not made: it was called off before it left."]);
    expect(told(failure("refused"))).toEqual(["crm.refund was not made: No."]);
  });

  it("is told once", () => {
    const { play, ask } = takenOver("refund");
    play.answers({ ok: true, value: {} }, ask);
    expect(codes(play.answers({ ok: true, value: {} }, ask))).toEqual(["answer.late"]);
  });

  it("changes nothing where it was a read", () => {
    const { play, ask } = takenOver("get");
    expect(codes(play.answers({ ok: true, value: {} }, ask))).toEqual(["answer.late"]);
    expect(atDesk(play.last)).toEqual([]);
  });

  it("opens a case where nobody has the conversation, unless nothing was done", () => {
    for (const [result, opened] of [
      [{ ok: true, value: {} }, true],
      [failure("ambiguous"), true],
      [failure("cancelled"), false],
    ] as const) {
      const { play, ask } = takenOver("refund");
      const { case: _none, ...state } = play.state;
      play.resume({ ...state, case: null });
      play.answers(result, ask);
      expect(play.state.case !== null).toBe(opened);
    }
  });
});

const unsure = "crm.refund failed: No";
const flow = (onError: string, { on = "conversation.opened", step = "" } = {}) => `
title: Flow
status: live
on: [${on}]
steps:
- use: crm.refund
  with: { key: "1" }
  ${step}
  on_error: ${onError}
`;
const failing = (text: string, reason: "ambiguous" | "refused" = "ambiguous") => {
  const play = scene(catalogOf(release({ flow: text })));
  play.writes("hello");
  play.answers(failure(reason));
  return play;
};

describe("a write of unknown outcome that on_error: steps take up", () => {
  it("reaches a person after these steps, with what happened on the case", () => {
    const told = failing(flow("[{ say: Sorry. }, { ask: What now?, save: x }]"));
    expect(toCustomer(told.last)).toEqual(["Sorry.", "What now?"]);
    expect(told.state.case).toMatchObject({ held: true, reason: unsure, queue: "front-line" });
    expect(atDesk(told.last).map(({ text }) => text)).toContain(`${unsure}.`);
    expect(codes(told.last)).toContain("write.unknown");
    expect(told.state.runs).toEqual([]);
  });

  it("reaches a person where the steps close the conversation", () => {
    const told = failing(flow("[{ close: solved by bot }]"));
    expect(told.state).toMatchObject({ phase: "open", case: { held: true, reason: unsure } });
  });

  it("is told on the case that the steps hand over, which stays in its queue", () => {
    const told = failing(flow("[{ handoff: billing, summary: Refund }]"));
    expect(told.state.case).toMatchObject({ held: true, queue: "billing", summary: "Refund" });
    expect(atDesk(told.last).map(({ text }) => text)).toContain(`${unsure}.`);
  });

  it("is told in the thread where people hold the conversation", () => {
    const held = scene(catalogOf(release({ flow: flow("[{ note: failed }]", { on: "manual" }) })));
    held.writes("a person please");
    held.does(ALEX, { kind: "run", workflow: "flow" });
    expect(held.state.case?.held).toBe(true);
    held.answers(failure("ambiguous"));
    expect(atDesk(held.last).map(({ text }) => text)).toEqual(["failed", `${unsure}.`]);
  });

  it("opens the case again where people had handed it back", () => {
    const back = scene(catalogOf(release({ flow: flow("[{ say: Sorry. }]", { on: "conversation.handed_back" }) })));
    back.writes("a person please");
    back.does(ALEX, { kind: "claim" });
    back.does(ALEX, { kind: "hand_back" });
    expect(back.state.case?.held).toBe(false);
    back.answers(failure("ambiguous"));
    expect(back.state.case).toMatchObject({ held: true, reason: unsure });
  });

  it("opens no case where the outcome is certain", () => {
    const told = failing(flow("[{ say: Sorry. }]"), "refused");
    expect(told.state.case).toBeNull();
    expect(codes(told.last)).not.toContain("write.unknown");
  });

  it("opens no case before the last try, which has the same key", () => {
    const text = flow("[{ say: Sorry. }]", { step: "retry: { times: 1, wait: 1m }" });
    const tried = scene(catalogOf(release({ flow: text })));
    tried.writes("hello");
    const again: CallResult = { ok: false, error: { reason: "ambiguous", message: "No.", retryable: true } };
    const [first] = tried.last.asks;
    tried.answers(again);
    expect(tried.state.case).toBeNull();
    tried.rings(tried.last.alarms[0]?.id ?? "");
    expect(tried.last.asks[0]?.request).toEqual(first?.request);
    tried.answers(again);
    expect(tried.state.case).toMatchObject({ held: true, reason: unsure });
  });
});
