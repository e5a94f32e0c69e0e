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

/** A case that Alex holds, with five seconds for undoing. */
function claimedCase(catalog = acme) {
  const play = scene(catalog);
  play.writes("hello");
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  return play;
}

/** A reply of Alex's that was sent. */
function sentReply(catalog = acme, text = "Your invoice is paid.") {
  const play = claimedCase(catalog);
  play.message(ALEX, text, "w1");
  expect(toCustomer(play.rings("undo:w1"))).toEqual([text]);
  return play;
}

const stages = (play: ReturnType<typeof scene>) => play.state.case?.words.map(({ ref, stage }) => `${ref} ${stage}`);

describe("a message of the holder's in the thread", () => {
  it("is sent when its time for undoing is over, and not before", () => {
    const play = claimedCase();
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

  it("is shown once, also in a thread that does not show it yet", () => {
    const play = claimedCase();
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

  it("is sent once, however often its alarm fires", () => {
    const play = sentReply();
    const before = play.state;
    play.rings("undo:w1");
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.state).toEqual(before);
    expect(codes(play.last)).toEqual(["alarm.late"]);
  });

  it("is audited with its length, not with its text", () => {
    const play = claimedCase();
    play.message(ALEX, "hello", "w1");
    expect(play.last.audits).toEqual([{ operator: "alex", action: "reply", before: null, after: { characters: 5 } }]);
  });

  it("without a text is not sent, and its author is told", () => {
    const play = claimedCase();
    play.message(ALEX, "  ", "w1");
    expect(hints(play.last)).toEqual([["alex", "There is nothing to send."]]);
    expect(stages(play)).toEqual([]);
  });

  it("does not update the card, since nothing on it changes", () => {
    const play = claimedCase();
    play.message(KIM, "look at the contract", "k1");
    expect(play.last.tells.flatMap((tell) => (tell.kind === "desk" ? [tell.part.kind] : []))).toEqual(["hint"]);
  });
});

describe("an unsent message", () => {
  it("that is edited is sent with the new text, and waits again", () => {
    const play = claimedCase();
    play.message(ALEX, "It costs 10 €.", "w1");
    play.does(ALEX, { kind: "edit", ref: "w1", text: "It costs 12 €." });
    expect(play.last.alarms).toEqual([{ id: "undo:w1", dueAt: new Date("2026-11-20T10:00:55Z") }]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["It costs 12 €."]);
  });

  it.each<[string, DeskCommand]>([
    ["deleted", { kind: "delete", ref: "w1" }],
    ["edited to a note", { kind: "edit", ref: "w1", text: "// not yet" }],
    ["edited to nothing", { kind: "edit", ref: "w1", text: " " }],
  ])("that is %s is never sent", (_, command) => {
    const play = claimedCase();
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
  ])("ignores a %s by another operator", (_, command) => {
    const play = claimedCase();
    play.message(ALEX, "It costs 10 €.", "w1");
    play.does(KIM, command);
    expect(play.last.tells).toEqual([]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["It costs 10 €."]);
  });

  it("that is edited to link inside is put on hold, and holds up nothing", () => {
    const play = claimedCase();
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

  // Platforms retry failed deliveries out of order, so the message may come last.
  it.each<[string, DeskCommand]>([
    ["deleted", { kind: "delete", ref: "w1" }],
    ["edited to a note", { kind: "edit", ref: "w1", text: "// not yet" }],
  ])("that was %s before it came is never sent, and its author is told", (_, command) => {
    const play = claimedCase();
    play.does(ALEX, command);
    play.message(ALEX, "It costs 10 €.", "w1");
    expect(play.last.alarms).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["alex", "Kept inside: you changed or deleted this before it came here. Write it again to send it."],
    ]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
    expect(toCustomer(play.does(ALEX, { kind: "resolve" }))).toEqual([]);
  });

  it("that is edited to mention a colleague is put on hold", () => {
    const play = claimedCase();
    play.message(ALEX, "Can we pay this back?", "w1");
    play.does(ALEX, { kind: "edit", ref: "w1", text: "@Kim can we pay this back?", mentions: true });
    expect(marks(play.last)).toEqual([["w1", "Not sent yet: it mentions a colleague.", "on_hold"]]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });
});

/** Three unsent messages; the first was edited, so it waits longest. */
function threeReplies() {
  const play = claimedCase();
  play.message(ALEX, "one", "w1");
  play.message(ALEX, "two", "w2");
  play.message(ALEX, "three", "w3");
  play.does(ALEX, { kind: "edit", ref: "w1", text: "ONE" });
  play.rings("undo:w2");
  expect(toCustomer(play.last)).toEqual([]);
  return play;
}

// Rule 5 of outgoing/send.ts
describe("several messages are sent in the order in which they were written", () => {
  it("although the first was edited and waits longest", () => {
    const play = threeReplies();
    expect(toCustomer(play.rings("undo:w3"))).toEqual([]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["ONE", "two", "three"]);
  });

  it.each<[string, DeskCommand]>([
    ["was deleted", { kind: "delete", ref: "w1" }],
    ["became a note", { kind: "edit", ref: "w1", text: "// ONE" }],
  ])("without waiting for one that %s", (_, command) => {
    const play = threeReplies();
    play.does(ALEX, command);
    expect(toCustomer(play.last)).toEqual(["two"]);
    expect(toCustomer(play.rings("undo:w3"))).toEqual(["three"]);
  });

  it("also when one that waits for those before it is edited or deleted", () => {
    const changed = threeReplies();
    changed.does(ALEX, { kind: "edit", ref: "w2", text: "TWO" });
    changed.rings("undo:w3");
    expect(toCustomer(changed.rings("undo:w1"))).toEqual(["ONE"]);
    expect(toCustomer(changed.rings("undo:w2"))).toEqual(["TWO", "three"]);

    const stopped = threeReplies();
    stopped.does(ALEX, { kind: "delete", ref: "w2" });
    expect(toCustomer(stopped.rings("undo:w1"))).toEqual(["ONE"]);
    expect(toCustomer(stopped.rings("undo:w2"))).toEqual([]);
  });

  it("also with another operator's reply from the dialog, which is shown as waiting", () => {
    const play = claimedCase();
    play.message(ALEX, "one", "w1");
    play.does(KIM, { kind: "reply", text: "two" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "reply", author: "Kim", text: "two" }]);
    expect(marks(play.last)[0]?.[1]).toMatch(/leaves after what was written before it/);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["one", "two"]);
    expect(atDesk(play.last)).toEqual([]);
  });

  it("and a reply from the dialog is sent at once when nothing waits", () => {
    const play = claimedCase();
    play.does(KIM, { kind: "reply", text: "at once" });
    expect(toCustomer(play.last)).toEqual(["at once"]);
  });

  it("also with one from hold, once its author sends it", () => {
    const play = claimedCase();
    play.message(ALEX, "one", "w1");
    play.message(ALEX, "two, see http://10.0.0.4/x", "w2");
    play.does(ALEX, { kind: "send_held", ref: "w2" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["one", "two, see http://10.0.0.4/x"]);
  });

  it("without waiting for one on hold", () => {
    const play = claimedCase();
    play.message(ALEX, "one, see http://10.0.0.4/x", "w1");
    play.message(ALEX, "two", "w2");
    expect(toCustomer(play.rings("undo:w2"))).toEqual(["two"]);
  });
});

describe("a message beyond the limit of unsent replies", () => {
  const long = "x".repeat(5_000);

  it("is sent at once, after those before it", () => {
    const play = claimedCase();
    play.message(ALEX, `1${long}`, "w1");
    play.message(ALEX, `2${long}`, "w2");
    expect(toCustomer(play.last)).toEqual([]);
    play.message(ALEX, `3${long}`, "w3");
    expect(toCustomer(play.last).map((text) => text[0])).toEqual(["1", "2", "3"]);
    expect(play.last.cancelled).toEqual(["undo:w1", "undo:w2"]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });

  it("by an edit is sent at once, too", () => {
    const play = claimedCase();
    play.message(ALEX, `1${long}`, "w1");
    play.message(ALEX, "2", "w2");
    play.does(ALEX, { kind: "edit", ref: "w2", text: `2${long}${long}` });
    expect(toCustomer(play.last).map((text) => text[0])).toEqual(["1", "2"]);
  });

  it("is also counted by the number of messages", () => {
    const play = claimedCase();
    for (let n = 1; n <= 20; n++) play.message(ALEX, `${n}`, `w${n}`);
    expect(toCustomer(play.last)).toEqual([]);
    play.message(ALEX, "21", "w21");
    expect(toCustomer(play.last)).toEqual(Array.from({ length: 21 }, (_, n) => `${n + 1}`));
  });

  it("gets no question about a correction, so that the state stays small (T11)", () => {
    const play = claimedCase();
    for (let n = 1; n <= 30; n++) {
      play.message(ALEX, `${n}`, `w${n}`);
      play.rings(`undo:w${n}`);
      play.does(ALEX, { kind: "edit", ref: `w${n}`, text: long });
    }
    expect(stages(play)?.filter((word) => word.endsWith("correction"))).toEqual(["w1 correction", "w2 correction"]);
    expect(marks(play.last)).toEqual([["w30", "The customer has the old text.", null]]);
    expect(JSON.stringify(play.state).length).toBeLessThan(25_000);
  });

  // T11
  it("is sent at once when the whole state is full", () => {
    const play = claimedCase();
    play.resume({ ...play.state, tags: Array.from({ length: 100 }, (_, n) => `${n}${"x".repeat(540)}`) });
    play.message(ALEX, `1${long}`, "w1");
    expect(toCustomer(play.last).map((text) => text[0])).toEqual(["1"]);
    expect(codes(play.last)).toContain("state.full");
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
  });

  it("makes the case forget sent ones, the oldest first", () => {
    const play = claimedCase();
    for (let n = 1; n <= 45; n++) {
      play.message(ALEX, `${n}`, `w${n}`);
      play.rings(`undo:w${n}`);
    }
    expect(play.state.case?.words).toHaveLength(40);
    expect(stages(play)?.[0]).toBe("w6 sent");
  });
});

describe("a case that goes on without its holder", () => {
  const ends: [string, Parameters<ReturnType<typeof scene>["does"]>][] = [
    ["resolved", [ALEX, { kind: "resolve" }]],
    ["handed back", [ALEX, { kind: "hand_back" }]],
    ["unclaimed", [ALEX, { kind: "unclaim" }]],
    ["transferred", [ALEX, { kind: "transfer", queue: "front-line" }]],
    ["merged", [ALEX, { kind: "merge", into: 9 }]],
    ["left by a holder who goes off duty", [ALEX, { kind: "off_duty" }]],
    [
      "released from a holder who is gone",
      [
        { id: "frontdesk", name: "Frontdesk" },
        { kind: "release", reason: "Alex left" },
      ],
    ],
    ["closed by a workflow that somebody started", [KIM, { kind: "run", workflow: "closes" }]],
  ];

  it.each(ends)("%s: unsent words are sent in order, and those on hold stay inside", (_, command) => {
    const play = claimedCase();
    play.message(ALEX, "one", "w1");
    play.message(ALEX, "for us: http://intranet/x", "h1");
    play.message(ALEX, "two", "w2");
    play.does(...command);
    expect(toCustomer(play.last).slice(0, 2)).toEqual(["one", "two"]);
    expect(play.last.cancelled).toEqual(expect.arrayContaining(["undo:w1", "undo:w2"]));
    expect(marks(play.last)).toContainEqual(["h1", "Kept inside: the case went on without it.", null]);
    expect(stages(play)).toEqual(["w1 sent", "w2 sent"]);
    play.rings("undo:w1");
    play.does(ALEX, { kind: "send_held", ref: "h1" });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("is not changed by a late alarm once closed", () => {
    const play = claimedCase();
    play.message(ALEX, "one", "w1");
    play.does(KIM, { kind: "run", workflow: "closes" });
    play.rings("undo:w1");
    expect(play.state.case?.status).toBe("solved");
  });

  it("tells only a waiting customer that somebody else will answer", () => {
    const waiting = claimedCase();
    waiting.does(ALEX, { kind: "off_duty" });
    expect(toCustomer(waiting.last)).toEqual([
      "My colleague can't go on with this right now. Another one will answer here.",
    ]);
    const answered = sentReply();
    answered.does(ALEX, { kind: "off_duty" });
    expect(toCustomer(answered.last)).toEqual([]);
    expect(answered.state.case).toMatchObject({ held: true, holder: null, status: "new" });
  });
});

describe("after a message was sent", () => {
  it("an edit is asked about, and its author can send a correction", () => {
    const play = sentReply();
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

  it("a correction is in the customer's language", () => {
    const play = claimedCase();
    play.resume({ ...play.state, contact: { ...play.state.contact, language: "de" } });
    play.message(ALEX, "Bezahlt.", "w1");
    play.rings("undo:w1");
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Offen." });
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual(["Berichtigung: Offen."]);
  });

  it("the old text may stay, and a correction has the latest edit", () => {
    const play = sentReply();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "first thought" });
    play.does(ALEX, { kind: "edit", ref: "w1", text: "second thought" });
    const asked = play.state;
    expect(toCustomer(play.does(ALEX, { kind: "keep_held", ref: "w1" }))).toEqual([]);
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", null]]);
    play.resume(asked);
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual(["Correction: second thought"]);
  });

  it.each(["// never mind", ""])("an edit to %j is no correction, and ends the question about one", (text) => {
    const play = sentReply();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "better" });
    play.does(ALEX, { kind: "edit", ref: "w1", text });
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", null]]);
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual([]);
  });

  it("an edit is made for the customer if the channel can and it is one part", () => {
    const play = sentReply(editable);
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
  ])("an edit of a message %s is asked about", (_, before, after, more) => {
    const play = sentReply(editable, before);
    play.does(ALEX, { kind: "edit", ref: "w1", text: after, ...more });
    expect(toChannel(play.last)).toEqual([]);
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", "correction"]]);
  });

  it("a delete is shown to change nothing for the customer", () => {
    const play = sentReply();
    play.does(ALEX, { kind: "edit", ref: "w1", text: "better" });
    play.does(ALEX, { kind: "delete", ref: "w1" });
    expect(marks(play.last)).toEqual([["w1", "Deleted here; the customer still has it.", null]]);
    expect(toCustomer(play.does(ALEX, { kind: "send_held", ref: "w1" }))).toEqual([]);
  });

  it("its delivery is shown under it", () => {
    const play = sentReply();
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
