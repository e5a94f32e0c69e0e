import { describe, expect, it } from "vitest";
import type { Happening } from "../../../../src/turn/core/event.ts";
import {
  ALEX,
  atDesk,
  type CatalogOptions,
  catalogOf,
  codes,
  FROM,
  hints,
  marks,
  release,
  type Scene,
  scene,
  toCustomer,
} from "../../scene.ts";
import { HANDED_BACK, REMINDER, SURVEY, TRIAGE } from "../../workflows.ts";

const GREET = `
title: Greet
status: live
on: manual
steps: [{ say: Good to see you. }]
`;
const BY_HAND = `
title: By hand
status: live
on: manual
steps: [{ ask: Shall we call?, options: { call: Call me, write: Write to me } }]
`;
const workflows = {
  "by-hand": BY_HAND,
  triage: TRIAGE,
  reminder: REMINDER,
  survey: SURVEY,
  back: HANDED_BACK,
  greet: GREET,
};
const acme = (o: CatalogOptions = {}) => catalogOf(release(workflows), [], o);

type Word = Extract<Happening, { ours: string }>["kind"];
let message = 1_000;
const word = (play: Scene, kind: Word, text: string) =>
  play.happens({ kind, message: message++, text, attachments: [], ours: "+15550100", from: FROM });
const stop = (play: Scene, text = "STOP") => word(play, "opt_out", text);
const start = (play: Scene, text = "START") => word(play, "opt_in", text);
const refuseByCarrier = (play: Scene) =>
  play.happens({ kind: "undelivered", outbox: 4, outcome: "failed", reason: "21610", optedOut: true });

/** A conversation with an open menu. */
function atMenu(o: CatalogOptions = {}): Scene {
  const play = scene(acme(o), { channel: "text" });
  play.writes("hello");
  return play;
}

/** A case that Alex holds. */
function claimedCase(o: CatalogOptions = {}): Scene {
  const play = atMenu(o);
  play.writes("0");
  play.does(ALEX, { kind: "claim" });
  return play;
}

const NOT_SENT = "Not sent: the customer opted out of texts at 10:00 UTC. They can write START.";

describe("STOP", () => {
  it("ends all runs, without a menu, a case or a message", () => {
    const play = atMenu();
    const said = stop(play);
    expect(toCustomer(said)).toEqual([]);
    expect(play.state).toMatchObject({ case: null, prompt: null, runs: [], idle: [], phase: "closed" });
    expect(play.state).toMatchObject({ resolution: "opted out", optedOut: { word: "STOP", ours: "+15550100" } });
    expect(said.cutOff).toBe(true);
    expect(said.cancelled).toContain("idle:reminder");
    expect(said.lines.map(({ message }) => message)).toContain(
      "Dana Smith opted out (STOP) of texts from +15550100, so nothing is sent any more",
    );
  });

  it.each(["first", "after the conversation was closed"])("opens nothing when it comes %s", (when) => {
    const play = scene(acme(), { channel: "text" });
    if (when !== "first") {
      play.writes("hello");
      play.writes("3");
    }
    const said = stop(play);
    expect(toCustomer(said)).toEqual([]);
    expect(play.state).toMatchObject({ case: null, phase: "closed", runs: [], prompt: null });
  });

  it("may be CANCEL, also while a question is open, since the carrier has acted on it", () => {
    const play = atMenu();
    stop(play, "CANCEL");
    expect(codes(play.last)).not.toContain("choice.read");
    expect(play.state.prompt).toBeNull();
  });

  it("ignores the answer to a call that was under way", () => {
    const play = atMenu();
    for (const text of ["2", "1234"]) play.writes(text);
    stop(play);
    play.answers({ ok: true, value: { tier: "gold" } });
    expect(codes(play.last)).toEqual(["answer.late"]);
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("is shown to the holder, who keeps the case", () => {
    const play = claimedCase();
    const said = stop(play);
    expect(atDesk(said).map(({ kind, text }) => [kind, text])).toEqual([
      ["customer", "STOP"],
      ["system", "Dana Smith opted out (STOP) of texts from +15550100. Nothing reaches them until they write START."],
    ]);
    expect(play.state.case).toMatchObject({ held: true, holder: ALEX, waitingSince: null });
    expect(play.state.phase).toBe("open");
  });

  it("keeps an operator's unsent words inside", () => {
    const play = claimedCase({ undoMs: 5_000 });
    play.message(ALEX, "In a minute.", "w1");
    play.message(ALEX, "See http://wiki.acme.example/x", "w2");
    stop(play);
    expect(marks(play.last)).toEqual([
      ["w1", "Not sent: the customer opted out of texts at 10:01 UTC. They can write START.", null],
      ["w2", "Not sent: the customer opted out of texts at 10:01 UTC. They can write START.", null],
    ]);
    expect(play.last.cancelled).toContain("undo:w1");
    play.rings("undo:w1");
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("written twice changes nothing more", () => {
    const play = atMenu();
    stop(play);
    const before = play.state;
    expect(codes(stop(play))).toEqual(["opt_out.again"]);
    expect(play.state.optedOut).toEqual(before.optedOut);
    expect(play.state.case).toBeNull();
  });

  it("of a merged case leaves the other case alone", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "merge", into: 9 });
    expect(stop(play).relays).toEqual([]);
    expect(play.state).toMatchObject({ phase: "closed", resolution: "merged", case: { mergedInto: 9 } });
  });
});

describe("while the customer has opted out", () => {
  it("an operator's reply is not sent, and the desk says why", () => {
    const play = claimedCase();
    stop(play);
    play.message(ALEX, "One more thing.", "w1");
    expect(toCustomer(play.last)).toEqual([]);
    expect(marks(play.last)).toEqual([
      ["w1", "Not sent: the customer opted out of texts at 10:00 UTC. They can write START.", null],
    ]);
    play.does(ALEX, { kind: "reply", text: "And another." });
    expect(toCustomer(play.last)).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "note", text: "And another.", internal: true }]);
    expect(marks(play.last)).toMatchObject([[expect.any(String), NOT_SENT, null]]);
    expect(play.last.audits).toEqual([]);
  });

  it("the reason has the date if it was another day", () => {
    const play = claimedCase();
    stop(play);
    play.after(24 * 60).does(ALEX, { kind: "reply", text: "hi" });
    expect(marks(play.last)[0]?.[1]).toContain("opted out of texts on 2026-11-20 at 10:00 UTC.");
  });

  it("their messages go to people, and the bot does not answer", () => {
    const play = atMenu();
    stop(play);
    const said = play.writes("still there?");
    expect(toCustomer(said)).toEqual([]);
    expect(play.state.case).toMatchObject({
      held: true,
      queue: "front-line",
      reason: "The customer opted out of texts (STOP) and wrote anyway. Nothing reaches them until they write START",
    });
    expect(said.alarms).toEqual([]);
  });

  it.each(["thanks", "ok"])("%j opens no case", (text) => {
    const play = atMenu();
    stop(play);
    play.writes(text);
    expect(play.state.case).toBeNull();
  });

  it("neither a survey nor a workflow started by hand asks them or tells them anything", () => {
    const play = atMenu();
    stop(play);
    expect(codes(play.last)).toContain("workflow.unasked");
    play.does(ALEX, { kind: "run", workflow: "greet" });
    expect(codes(play.last)).toContain("say.opted_out");
    play.does(ALEX, { kind: "run", workflow: "by-hand" });
    expect(hints(play.last)[0]?.[1]).toMatch(/asks the customer something, and the customer opted out/);
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("operators can't write to them first", () => {
    const play = atMenu();
    stop(play);
    play.does(ALEX, { kind: "start", text: "We have news.", queue: "front-line" });
    expect(hints(play.last)).toEqual([["alex", `${NOT_SENT} You had written: We have news.`]]);
    expect(play.state.case).toBeNull();
  });

  it("a handoff says nothing to them", () => {
    const play = atMenu();
    stop(play);
    play.does(ALEX, { kind: "take_over" });
    expect(toCustomer(play.last)).toEqual([]);
  });
});

describe("START", () => {
  it("ends it without a message, and the next message begins a new dialogue", () => {
    const play = atMenu();
    stop(play);
    expect(toCustomer(start(play))).toEqual([]);
    expect(play.state).toMatchObject({ optedOut: null, case: null });
    play.writes("I am back");
    expect(codes(play.last)).toContain("conversation.opened");
    expect(toCustomer(play.last).join("\n")).toContain("What is it about?");
  });

  it.each(["UNSTOP", "YES"])("may be %s from somebody who opted out", (text) => {
    const play = atMenu();
    stop(play);
    start(play, text);
    expect(play.state.optedOut).toBeNull();
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("in another conversation of the thread reaches this one with its next event", () => {
    const play = claimedCase();
    stop(play);
    const before = { at: play.state.optedOut?.at ?? "", word: "STOP", ours: "+15550100" };
    const reply = { kind: "operator", operator: ALEX, queues: null, into: null } as const;
    const replies = (text: string, endedAt: string | null) =>
      play.happens({ ...reply, command: { kind: "reply", text }, optOut: { ...before, endedAt } });
    expect(toCustomer(replies("Too early.", null))).toEqual([]);
    expect(toCustomer(replies("An older one ended.", "2026-01-01T00:00:00.000Z"))).toEqual([]);
    expect(toCustomer(replies("Welcome back.", "2026-12-31T00:00:00.000Z"))).toEqual(["Welcome back."]);
    expect(play.state.optedOut).toBeNull();
  });

  it("as the first message ends an earlier opt-out of the thread", () => {
    const play = scene(acme(), { channel: "text" });
    const optOut = { at: "2026-01-01T00:00:00.000Z", word: "STOP", ours: "+15550100", endedAt: null };
    const said = { message: 1, attachments: [], ours: "+15550100", from: FROM, optOut };
    expect(toCustomer(play.happens({ kind: "opt_in", text: "YES", ...said }))).toEqual([]);
    expect(codes(play.last)).toEqual(["opt_in"]);
    // Stored at the same moment as the word before it.
    play.happens({ kind: "message", text: "hello", ...said, message: 2 });
    expect(toCustomer(play.last).join("\n")).toContain("What is it about?");
  });

  it.each(["START", "YES"])("%s from somebody who has not opted out is an ordinary message", (text) => {
    const play = scene(acme(), { channel: "text" });
    start(play, text);
    expect(toCustomer(play.last).join("\n")).toContain("What is it about?");
    expect(codes(play.last)).not.toContain("opt_in");
  });

  it("is an answer to a question that has it as an option", () => {
    const yesNo =
      "title: Y\nstatus: live\non: conversation.opened\nsteps:\n  - ask: Shall we?\n    save: it\n    options: { yes: 'Yes', no: 'No' }\n  - say: 'You said {{ it }}'\n";
    const play = scene(catalogOf(release({ y: yesNo })), { channel: "text" });
    play.writes("hello");
    start(play, "YES");
    expect(codes(play.last)).toContain("choice.read");
    expect(toCustomer(play.last)).toEqual(["You said yes"]);
  });

  it("returns an unclaimed case to the bot when it was opened only because the bot could not answer", () => {
    const play = atMenu();
    stop(play);
    play.writes("still there?");
    start(play);
    expect(play.state.case).toMatchObject({ held: false, status: "with the bot", waitingSince: null });
    play.writes("I am back");
    expect(toCustomer(play.last).join("\n")).toContain("What is it about?");
  });

  it.each(["claimed", "for a person"])("leaves a case with people when it was %s", (why) => {
    const play = why === "claimed" ? atMenu() : claimedCase();
    stop(play);
    if (why === "claimed") {
      play.writes("still there?");
      play.does(ALEX, { kind: "claim" });
    }
    start(play);
    expect(play.state.case).toMatchObject({ held: true, holder: ALEX });
    expect(atDesk(play.last).at(-1)?.text).toBe(
      "Dana Smith opted in again (START): texts from +15550100 reach them. You can write to them.",
    );
    play.does(ALEX, { kind: "reply", text: "Welcome back." });
    expect(toCustomer(play.last)).toEqual(["Welcome back."]);
  });
});

describe("HELP", () => {
  it("is answered by the carrier, so the open question stays open and nothing is said", () => {
    const play = atMenu();
    const { prompt } = play.state;
    const said = word(play, "help", "HELP");
    expect(said.tells).toEqual([]);
    expect(play.state).toMatchObject({ prompt, case: null });
  });

  it("is shown to the holder of the case", () => {
    const play = claimedCase();
    expect(atDesk(word(play, "help", "info"))).toMatchObject([{ kind: "customer", text: "info" }]);
  });
});

describe("a carrier that refuses a part because they opted out", () => {
  it("counts as an opt-out, and the conversation goes to people", () => {
    const play = atMenu();
    refuseByCarrier(play);
    expect(play.state).toMatchObject({ optedOut: { word: null }, prompt: null, case: { held: true } });
    expect(play.last.cutOff).toBe(true);
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("opens no case when their word comes just after it, or came before", () => {
    const after = atMenu();
    refuseByCarrier(after);
    stop(after);
    expect(after.state).toMatchObject({ phase: "closed", case: { held: false }, optedOut: { word: "STOP" } });
    const before = atMenu();
    stop(before);
    refuseByCarrier(before);
    expect(before.state.case).toBeNull();
  });

  it("is shown to the holder of the case", () => {
    const play = claimedCase();
    refuseByCarrier(play);
    expect(atDesk(play.last).map(({ text }) => text)).toEqual([
      "The customer has opted out of texts, as the carrier says. Nothing reaches them until they write START.",
    ]);
  });
});
