import { describe, expect, it } from "vitest";
import type { CallResult } from "../../../../src/domain/call.ts";
import { quarantine } from "../../../../src/turn/core/quarantine.ts";
import { isOverfull } from "../../../../src/turn/core/state.ts";
import { ALEX, atDesk, catalogOf, codes, FROM, release, scene, toCustomer } from "../../scene.ts";

const MENU = `
title: Menu
status: live
on: [conversation.opened]
steps: [{ ask: Which?, save: topic, options: { a: A, b: B }, give_up_after: 1h }, { say: "You chose {{ topic }}." }]
`;
const PARKED = { kind: "undelivered", outbox: 41, outcome: "parked", reason: "No answer" } as const;

const REFUND = `
title: Refund
status: live
on: [conversation.opened]
steps: [{ say: One moment. }, { use: crm.refund, with: { key: "1" }, save: found }, { say: done }]
`;
const MADE: CallResult = { ok: true, value: { tier: "gold" } };

/** A refund that is being made while it is unknown whether the words before it arrived. */
function parkedDuringCall() {
  const play = scene(catalogOf(release({ refund: REFUND })));
  play.writes("refund, please");
  play.writes("the blue one");
  play.happens(PARKED);
  return play;
}

/** A menu of which it is unknown whether it arrived. */
function parked() {
  const play = scene(catalogOf(release({ menu: MENU })));
  play.writes("hello");
  play.happens(PARKED);
  return play;
}

// E2
describe("a part of unknown outcome", () => {
  it("opens a case, and the bot is silent", () => {
    const play = parked();
    expect(play.state).toMatchObject({ case: { held: true }, runs: [], prompt: null });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("that has arrived after all hands back to the bot, which goes on where it stood", () => {
    const play = parked();
    expect(atDesk(play.happens({ kind: "arrived", outbox: 41 })).map(({ text }) => text)).toEqual([
      "The message has arrived after all, so the bot goes on.",
    ]);
    expect(play.state).toMatchObject({ case: { held: false, status: "with the bot", suspended: null } });
    expect(toCustomer(play.writes("1"))).toEqual(["You chose a."]);
  });

  it("keeps its question's time limit meanwhile", () => {
    const play = scene(catalogOf(release({ menu: MENU })));
    const [alarm] = play.writes("hello").alarms;
    expect(play.happens(PARKED).cancelled).toEqual([]);
    play.happens({ kind: "arrived", outbox: 41 });
    expect(codes(play.rings(alarm?.id ?? ""))).toContain("ask.given_up");
  });

  it("goes on with an answer that came meanwhile", () => {
    const play = parkedDuringCall();
    expect(codes(play.answers(MADE))).toEqual(["answer.suspended"]);
    expect(toCustomer(play.happens({ kind: "arrived", outbox: 41 }))).toContain("done");
    expect(play.state.runs).toEqual([]);
  });

  it("goes on with an alarm that came meanwhile", () => {
    const play = scene(catalogOf(release({ menu: MENU })));
    const [alarm] = play.writes("hello").alarms;
    play.happens(PARKED);
    expect(codes(play.rings(alarm?.id ?? ""))).toEqual(["alarm.suspended"]);
    expect(codes(play.happens({ kind: "arrived", outbox: 41 }))).toContain("ask.given_up");
  });

  // U1
  it("keeps what the customer had written before, to be read when the bot goes on", () => {
    const play = parkedDuringCall();
    play.happens({ kind: "arrived", outbox: 41 });
    expect(play.state.unread.map(({ text }) => text)).toEqual(["the blue one"]);
  });

  // E4
  it("tells people of a write that was made meanwhile, once they act", () => {
    const play = parkedDuringCall();
    play.answers(MADE);
    const shown = atDesk(play.does(ALEX, { kind: "claim" })).map(({ text }) => text);
    expect(shown).toContain("crm.refund was made before its workflow was stopped.");
    expect(play.state.calledOff).toEqual([]);
    expect(play.last.calledOff).toEqual([]);
  });

  it("leaves the conversation with people where another part failed too", () => {
    const play = parked();
    play.happens({ kind: "undelivered", outbox: 42, outcome: "failed", reason: "Unknown number" });
    play.happens({ kind: "arrived", outbox: 41 });
    expect(play.state).toMatchObject({ case: { held: true, suspended: null }, runs: [], prompt: null });
  });

  it("waits for all of them where another part is in doubt too", () => {
    const play = parked();
    play.happens({ ...PARKED, outbox: 42 });
    play.happens({ kind: "arrived", outbox: 42 });
    expect(play.state).toMatchObject({ case: { held: true }, runs: [], prompt: null });
    expect(atDesk(play.last).map(({ text }) => text)).toEqual(["The message has arrived after all."]);
    play.happens({ kind: "arrived", outbox: 41 });
    expect(play.state).toMatchObject({ case: { held: false, status: "with the bot", suspended: null } });
    expect(toCustomer(play.writes("1"))).toEqual(["You chose a."]);
  });

  it.each([
    ["an operator has claimed the case", (play: ReturnType<typeof parked>) => play.does(ALEX, { kind: "claim" })],
    ["the customer has written", (play: ReturnType<typeof parked>) => play.writes("hello?")],
  ])("changes nothing any more where %s", (_, act) => {
    const play = parked();
    act(play);
    play.happens({ kind: "arrived", outbox: 41 });
    expect(play.state).toMatchObject({ case: { held: true, suspended: null }, runs: [], prompt: null });
    expect(atDesk(play.last).map(({ text }) => text)).toEqual(["The message has arrived after all."]);
  });

  // T12, E4
  it("leaves the conversation with people where something could not be handled meanwhile", () => {
    const play = parkedDuringCall();
    play.answers(MADE);
    const event = { id: 900, at: new Date("2026-11-20T11:00:00Z"), kind: "message", answer: null };
    const aside = quarantine(play.state, event, { catalog: play.catalog, conversation: 3 });
    expect(atDesk(aside).map(({ text }) => text)).toContain("crm.refund was made before its workflow was stopped.");
    play.resume(aside.state);
    play.happens({ kind: "arrived", outbox: 41 });
    expect(play.state).toMatchObject({ case: { held: true, suspended: null }, runs: [] });
  });

  it("leaves the conversation with people where a brake stopped the bot meanwhile", () => {
    const play = parked();
    const pace = { minute: 1_000, hour: 1_000, day: 1_000, first: true } as const;
    play.happens({ kind: "message", message: 9, text: "hello?", attachments: [], from: FROM, pace });
    expect(codes(play.last)).toContain("brake.sender");
    play.happens({ kind: "arrived", outbox: 41 });
    expect(play.state).toMatchObject({ case: { held: true, suspended: null }, runs: [], prompt: null });
  });

  // T11
  it("is not suspended any longer where what came meanwhile is too much to keep", () => {
    const play = parkedDuringCall();
    play.answers({ ok: true, value: { tier: "漢".repeat(25_000) } });
    expect(codes(play.last)).toContain("state.full");
    expect(isOverfull(play.state)).toBe(false);
    expect(atDesk(play.last).map(({ text }) => text)).toContain("crm.refund was made before its workflow was stopped.");
  });

  it("changes nothing where the case had another reason", () => {
    const play = parked();
    play.happens({ kind: "arrived", outbox: 40 });
    expect(play.state.case).toMatchObject({ held: true });
  });
});
