import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import {
  ALEX,
  atDesk,
  catalogOf,
  codes,
  hints,
  KIM,
  marks,
  release,
  scene,
  toChannel,
  toCustomer,
} from "../../scene.ts";
import { HANDED_BACK, TRIAGE } from "../../workflows.ts";

const CLOSES = `
title: Close it
status: live
on: manual
steps: [{ close: abandoned }]
`;
const live = release({ triage: TRIAGE, back: HANDED_BACK, closes: CLOSES });
const UNDO_MS = 5_000;
const acme = catalogOf(live, [], { undoMs: UNDO_MS });
const editable = catalogOf(live, [], { undoMs: UNDO_MS, can: { edit: "native" } });

/** A case that Alex holds, where what is written can be taken back for five seconds. */
function claimed(catalog = acme) {
  const play = scene(catalog);
  play.writes("hello");
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  return play;
}

/** Words of Alex's that have left. */
function sent(catalog = acme, text = "Your invoice is paid.") {
  const play = claimed(catalog);
  play.message(ALEX, text, "w1");
  expect(toCustomer(play.rings("undo:w1"))).toEqual([text]);
  return play;
}

const words = (play: ReturnType<typeof scene>) => play.state.case?.words.map(({ ref, stage }) => `${ref} ${stage}`);

describe("what the holder writes in the thread", () => {
  it("leaves when its moment is over, and not before", () => {
    const play = claimed();
    play.message(ALEX, "We look into it.", "w1");
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.last.alarms).toEqual([{ id: "undo:w1", dueAt: new Date("2026-11-20T10:00:45Z") }]);
    expect(marks(play.last)).toEqual([
      ["w1", "→ Dana Smith, chat: leaves in 5 s. Edit or delete your message to change or stop it.", null],
    ]);
    play.rings("undo:w1");
    expect(toCustomer(play.last)).toEqual(["We look into it."]);
    expect(marks(play.last)).toEqual([["w1", null, null]]);
    expect(play.state.case).toMatchObject({ status: "waiting for the customer", waitingSince: null });
  });

  it("is not shown again where the thread shows it already, and once where it does not", () => {
    const play = claimed();
    play.message(ALEX, "hi", "w1");
    expect(atDesk(play.last)).toEqual([]);
    play.does(ALEX, { kind: "say", text: "hi again" });
    expect(atDesk(play.last)).toMatchObject([{ kind: "reply", text: "hi again", internal: false }]);
    const [alarm] = play.last.alarms;
    play.rings("undo:w1");
    play.rings(alarm?.id ?? "");
    expect(toCustomer(play.last)).toEqual(["hi again"]);
    expect(atDesk(play.last)).toEqual([]);
  });

  it("leaves once, however often its alarm rings", () => {
    const play = sent();
    const before = play.state;
    play.rings("undo:w1");
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.state).toEqual(before);
    expect(codes(play.last)).toEqual(["alarm.late"]);
  });

  it("is audited with its length, not with its text", () => {
    const play = claimed();
    play.message(ALEX, "hello", "w1");
    expect(play.last.audits).toEqual([{ operator: "alex", action: "reply", before: null, after: { characters: 5 } }]);
  });

  it("that says nothing is not sent, and they are told", () => {
    const play = claimed();
    play.message(ALEX, "  ", "w1");
    expect(hints(play.last)).toEqual([["alex", "There is nothing to send."]]);
    expect(words(play)).toEqual([]);
  });

  it("does not show the card anew: nothing on it has changed", () => {
    const play = claimed();
    play.message(KIM, "look at the contract", "k1");
    expect(play.last.tells.flatMap((tell) => (tell.kind === "desk" ? [tell.part.kind] : []))).toEqual(["hint"]);
  });
});

describe("within its moment, a message", () => {
  it("that is edited leaves as it reads then, a moment after the edit", () => {
    const play = claimed();
    play.message(ALEX, "It costs 10 €.", "w1");
    play.does(ALEX, { kind: "edit", ref: "w1", text: "It costs 12 €." });
    expect(play.last.alarms).toEqual([{ id: "undo:w1", dueAt: new Date("2026-11-20T10:00:55Z") }]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["It costs 12 €."]);
  });

  it.each<[string, DeskCommand]>([
    ["deleted", { kind: "delete", ref: "w1" }],
    ["edited to a note", { kind: "edit", ref: "w1", text: "// not yet" }],
    ["edited to nothing", { kind: "edit", ref: "w1", text: " " }],
  ])("that is %s never leaves", (_, command) => {
    const play = claimed();
    play.message(ALEX, "It costs 10 €.", "w1");
    play.does(ALEX, command);
    expect(play.last.cancelled).toEqual(["undo:w1"]);
    expect(marks(play.last)).toMatchObject([["w1", expect.stringMatching(/^(Not sent|Kept inside)/), null]]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
    play.does(ALEX, { kind: "resolve" });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it.each<[string, DeskCommand]>([
    ["edit", { kind: "edit", ref: "w1", text: "No!" }],
    ["delete", { kind: "delete", ref: "w1" }],
  ])("takes no %s of another operator's", (_, command) => {
    const play = claimed();
    play.message(ALEX, "It costs 10 €.", "w1");
    play.does(KIM, command);
    expect(play.last.tells).toEqual([]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["It costs 10 €."]);
  });

  it("that is edited to link inside is held back, and holds up nothing", () => {
    const play = claimed();
    play.message(ALEX, "Have a look.", "w1");
    play.message(ALEX, "Good?", "w2");
    expect(toCustomer(play.rings("undo:w2"))).toEqual([]);
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Have a look: https://wiki.acme.example/prices" });
    expect(marks(play.last)[0]).toEqual([
      "w1",
      "Not sent yet: it links to wiki.acme.example, which only people inside can open.",
      "on_hold",
    ]);
    expect(toCustomer(play.last)).toEqual(["Good?"]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });

  // Platforms bring what failed once more after what came later: the message may come last.
  it.each<[string, DeskCommand]>([
    ["deleted", { kind: "delete", ref: "w1" }],
    ["edited to a note", { kind: "edit", ref: "w1", text: "// not yet" }],
  ])("that was %s before it came itself never leaves, and its author is told", (_, command) => {
    const play = claimed();
    play.does(ALEX, command);
    play.message(ALEX, "It costs 10 €.", "w1");
    expect(play.last.alarms).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["alex", "Kept inside: you changed or deleted this before it came here. Write it again to send it."],
    ]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
    expect(toCustomer(play.does(ALEX, { kind: "resolve" }))).toEqual([]);
  });

  it("that is edited to name a colleague is held back", () => {
    const play = claimed();
    play.message(ALEX, "Can we pay this back?", "w1");
    play.does(ALEX, { kind: "edit", ref: "w1", text: "@Kim can we pay this back?", mentions: true });
    expect(marks(play.last)).toEqual([["w1", "Not sent yet: it mentions a colleague.", "on_hold"]]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });
});

/** One, two, three; the moment of the first begins anew. */
function three() {
  const play = claimed();
  play.message(ALEX, "one", "w1");
  play.message(ALEX, "two", "w2");
  play.message(ALEX, "three", "w3");
  play.does(ALEX, { kind: "edit", ref: "w1", text: "ONE" });
  play.rings("undo:w2");
  expect(toCustomer(play.last)).toEqual([]);
  return play;
}

// Rule 4 of outgoing/send.ts
describe("several messages leave in the order in which they were written", () => {
  it("although the first was edited, and so is over last", () => {
    const play = three();
    expect(toCustomer(play.rings("undo:w3"))).toEqual([]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["ONE", "two", "three"]);
  });

  it.each<[string, DeskCommand]>([
    ["was deleted", { kind: "delete", ref: "w1" }],
    ["became a note", { kind: "edit", ref: "w1", text: "// ONE" }],
  ])("and wait no longer for one that %s", (_, command) => {
    const play = three();
    play.does(ALEX, command);
    expect(toCustomer(play.last)).toEqual(["two"]);
    expect(toCustomer(play.rings("undo:w3"))).toEqual(["three"]);
  });

  it("also where one waits only for those before it, and is changed or taken back meanwhile", () => {
    const changed = three();
    changed.does(ALEX, { kind: "edit", ref: "w2", text: "TWO" });
    changed.rings("undo:w3");
    expect(toCustomer(changed.rings("undo:w1"))).toEqual(["ONE"]);
    expect(toCustomer(changed.rings("undo:w2"))).toEqual(["TWO", "three"]);

    const stopped = three();
    stopped.does(ALEX, { kind: "delete", ref: "w2" });
    expect(toCustomer(stopped.rings("undo:w1"))).toEqual(["ONE"]);
    expect(toCustomer(stopped.rings("undo:w2"))).toEqual([]);
  });

  it("also what another one sends by the button, which waits its turn and says so", () => {
    const play = claimed();
    play.message(ALEX, "one", "w1");
    play.does(KIM, { kind: "reply", text: "two" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "reply", author: "Kim", text: "two" }]);
    expect(marks(play.last)[0]?.[1]).toMatch(/leaves after what was written before it/);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["one", "two"]);
    expect(atDesk(play.last)).toEqual([]);
  });

  it("and the button is answered at once where nothing waits", () => {
    const play = claimed();
    play.does(KIM, { kind: "reply", text: "at once" });
    expect(toCustomer(play.last)).toEqual(["at once"]);
  });

  it("also what was held back, once its author sends it", () => {
    const play = claimed();
    play.message(ALEX, "one", "w1");
    play.message(ALEX, "two, see http://10.0.0.4/x", "w2");
    play.does(ALEX, { kind: "send_held", ref: "w2" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["one", "two, see http://10.0.0.4/x"]);
  });

  it("and what is held back holds up nothing", () => {
    const play = claimed();
    play.message(ALEX, "one, see http://10.0.0.4/x", "w1");
    play.message(ALEX, "two", "w2");
    expect(toCustomer(play.rings("undo:w2"))).toEqual(["two"]);
  });
});

describe("more than can wait", () => {
  const long = "x".repeat(5_000);

  it("leaves at once, after what was written before it", () => {
    const play = claimed();
    play.message(ALEX, `1${long}`, "w1");
    play.message(ALEX, `2${long}`, "w2");
    expect(toCustomer(play.last)).toEqual([]);
    play.message(ALEX, `3${long}`, "w3");
    expect(toCustomer(play.last).map((text) => text[0])).toEqual(["1", "2", "3"]);
    expect(play.last.cancelled).toEqual(["undo:w1", "undo:w2"]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });

  it("by an edit leaves at once, too", () => {
    const play = claimed();
    play.message(ALEX, `1${long}`, "w1");
    play.message(ALEX, "2", "w2");
    play.does(ALEX, { kind: "edit", ref: "w2", text: `2${long}${long}` });
    expect(toCustomer(play.last).map((text) => text[0])).toEqual(["1", "2"]);
  });

  it("is not only counted in letters", () => {
    const play = claimed();
    for (let n = 1; n <= 20; n++) play.message(ALEX, `${n}`, `w${n}`);
    expect(toCustomer(play.last)).toEqual([]);
    play.message(ALEX, "21", "w21");
    expect(toCustomer(play.last)).toEqual(Array.from({ length: 21 }, (_, n) => `${n + 1}`));
  });

  it("of corrections is not asked about: the state stays small (T11)", () => {
    const play = claimed();
    for (let n = 1; n <= 30; n++) {
      play.message(ALEX, `${n}`, `w${n}`);
      play.rings(`undo:w${n}`);
      play.does(ALEX, { kind: "edit", ref: `w${n}`, text: long });
    }
    expect(words(play)?.filter((word) => word.endsWith("correction"))).toEqual(["w1 correction", "w2 correction"]);
    expect(marks(play.last)).toEqual([["w30", "The customer has the old text.", null]]);
    expect(JSON.stringify(play.state).length).toBeLessThan(25_000);
  });

  // T11
  it("beside all else that is kept of the conversation leaves at once", () => {
    const play = claimed();
    play.resume({ ...play.state, tags: Array.from({ length: 100 }, (_, n) => `${n}${"x".repeat(540)}`) });
    play.message(ALEX, `1${long}`, "w1");
    expect(toCustomer(play.last).map((text) => text[0])).toEqual(["1"]);
    expect(codes(play.last)).toContain("state.full");
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });

  it("of what has left is forgotten, the oldest first", () => {
    const play = claimed();
    for (let n = 1; n <= 45; n++) {
      play.message(ALEX, `${n}`, `w${n}`);
      play.rings(`undo:w${n}`);
    }
    expect(play.state.case?.words).toHaveLength(40);
    expect(words(play)?.[0]).toBe("w6 sent");
  });
});

describe("where the case goes on without whoever wrote", () => {
  const ends: [string, Parameters<ReturnType<typeof scene>["does"]>][] = [
    ["resolved", [ALEX, { kind: "resolve" }]],
    ["handed back", [ALEX, { kind: "hand_back" }]],
    ["unclaimed", [ALEX, { kind: "unclaim" }]],
    ["transferred", [ALEX, { kind: "transfer", queue: "front-line" }]],
    ["merged", [ALEX, { kind: "merge", into: 9 }]],
    ["left by one who goes off duty", [ALEX, { kind: "off_duty" }]],
    [
      "taken from one who is gone",
      [
        { id: "frontdesk", name: "Frontdesk" },
        { kind: "release", reason: "Alex left" },
      ],
    ],
    ["closed by a workflow that somebody started", [KIM, { kind: "run", workflow: "closes" }]],
  ];

  it.each(ends)("%s: what waits leaves, in order, and what was held stays inside", (_, command) => {
    const play = claimed();
    play.message(ALEX, "one", "w1");
    play.message(ALEX, "for us: http://intranet/x", "h1");
    play.message(ALEX, "two", "w2");
    play.does(...command);
    expect(toCustomer(play.last).slice(0, 2)).toEqual(["one", "two"]);
    expect(play.last.cancelled).toEqual(expect.arrayContaining(["undo:w1", "undo:w2"]));
    expect(marks(play.last)).toContainEqual(["h1", "Kept inside: the case went on without it.", null]);
    expect(words(play)).toEqual(["w1 sent", "w2 sent"]);
    play.rings("undo:w1");
    play.does(ALEX, { kind: "send_held", ref: "h1" });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("a late alarm does not touch a case that is closed", () => {
    const play = claimed();
    play.message(ALEX, "one", "w1");
    play.does(KIM, { kind: "run", workflow: "closes" });
    play.rings("undo:w1");
    expect(play.state.case?.status).toBe("solved");
  });

  it("says that somebody else goes on to a customer who waits, and to nobody else", () => {
    const waiting = claimed();
    waiting.does(ALEX, { kind: "off_duty" });
    expect(toCustomer(waiting.last)).toEqual([
      "My colleague can't go on with this right now. Another one will answer here.",
    ]);
    const answered = sent();
    answered.does(ALEX, { kind: "off_duty" });
    expect(toCustomer(answered.last)).toEqual([]);
    expect(answered.state.case).toMatchObject({ held: true, holder: null, status: "new" });
  });
});

describe("after it left", () => {
  it("an edit is asked about, and a correction follows if its author wants", () => {
    const play = sent();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Your invoice is open." });
    expect(toCustomer(play.last)).toEqual([]);
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", "correction"]]);
    play.does(ALEX, { kind: "send_held", ref: "w1" });
    expect(toCustomer(play.last)).toEqual(["Correction: Your invoice is open."]);
    expect(marks(play.last)).toEqual([["w1", null, null]]);
    play.does(ALEX, { kind: "send_held", ref: "w1" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([["alex", "This has been decided already."]]);
  });

  it("a correction speaks the customer's language", () => {
    const play = claimed();
    play.resume({ ...play.state, contact: { ...play.state.contact, language: "de" } });
    play.message(ALEX, "Bezahlt.", "w1");
    play.rings("undo:w1");
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Offen." });
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual(["Berichtigung: Offen."]);
  });

  it("the old text may stay, and the latest edit is what a correction says", () => {
    const play = sent();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "first thought" });
    play.does(ALEX, { kind: "edit", ref: "w1", text: "second thought" });
    const asked = play.state;
    expect(toCustomer(play.does(ALEX, { kind: "keep_held", ref: "w1" }))).toEqual([]);
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", null]]);
    play.resume(asked);
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual(["Correction: second thought"]);
  });

  it.each(["// never mind", ""])("an edit to %j is no correction, also where one was asked about", (text) => {
    const play = sent();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "better" });
    play.does(ALEX, { kind: "edit", ref: "w1", text });
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", null]]);
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual([]);
  });

  it("an edit is made there, too, where the channel can and it is one part", () => {
    const play = sent(editable);
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Your invoice is open." });
    expect(toChannel(play.last)).toEqual([{ kind: "edited", ref: "w1", text: "Your invoice is open.", trusted: true }]);
    expect(toCustomer(play.last)).toEqual([]);
    expect(marks(play.last)).toEqual([["w1", "→ Dana Smith, chat: changed there too.", null]]);
  });

  it.each([
    ["in several parts", "x".repeat(4_500), "short", {}],
    ["to more than a part", "short", "x".repeat(4_500), {}],
    ["to a link inside", "short", "https://wiki.acme.example/x", {}],
    ["to a question to a colleague", "short", "@Kim?", { mentions: true } as const],
  ])("an edit of what left %s is asked about all the same", (_, before, after, more) => {
    const play = sent(editable, before);
    play.does(ALEX, { kind: "edit", ref: "w1", text: after, ...more });
    expect(toChannel(play.last)).toEqual([]);
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", "correction"]]);
  });

  it("a delete is said to change nothing for the customer", () => {
    const play = sent();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "better" });
    play.does(ALEX, { kind: "delete", ref: "w1" });
    expect(marks(play.last)).toEqual([["w1", "Deleted here; the customer still has it.", null]]);
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual([]);
  });

  it("how far its delivery has come is shown under it", () => {
    const play = sent();
    play.happens({ kind: "delivered", ref: "w1" });
    expect(marks(play.last)).toEqual([["w1", null, null]]);
    play.happens({
      kind: "undelivered",
      outbox: 4,
      desk: false,
      ref: "w1",
      outcome: "failed",
      reason: "No such number",
    });
    expect(marks(play.last)).toEqual([["w1", null, null]]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "system", text: "A message was not delivered: No such number" }]);
  });
});
