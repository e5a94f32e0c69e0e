import { describe, expect, it } from "vitest";
import type { CallResult } from "../../../../src/domain/call.ts";
import { ALEX, atDesk, catalogOf, codes, release, scene } from "../../scene.ts";

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
