import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { FRONTDESK } from "../../../../src/domain/reach.ts";
import { mayWork } from "../../../../src/turn/core/operator/members.ts";
import { ALEX, catalogOf, codes, DANA, hints, KIM, release, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

const live = release({ triage: TRIAGE });
const acme = catalogOf(live);

/** A case in the queue billing without a holder. */
function unclaimedCase(catalog = acme) {
  const play = scene(catalog);
  play.writes("hello");
  play.presses("billing");
  return play;
}

/** The live content with these members of the queue billing. */
const withMembers = (members: Queue["members"]) => {
  const billing = { id: "billing", title: "Billing", members, hours: null, deskPlace: null, closedSay: null };
  return { catalog: { ...acme, live: { ...live, queues: { ...live.queues, billing } } } };
};

describe("an operator's membership of a queue", () => {
  it.each<[string, Queue["members"], readonly string[] | null, boolean]>([
    ["the desk lists them", "channel", ["billing"], true],
    ["the desk lists them elsewhere", "channel", ["front-line"], false],
    ["the desk lists them nowhere", "channel", [], false],
    ["everyone works at the desk", "channel", null, true],
    ["everyone works at the desk, and the file names a group", { usergroup: "@support" }, null, true],
    ["the desk lists them, and the file lists others", ["kim"], ["billing"], true],
    ["everyone works at the desk, and the file lists their id", ["alex"], null, true],
    ["everyone works at the desk, and the file lists their name", ["Alex"], null, true],
    ["everyone works at the desk, but the file lists others", ["kim"], null, false],
    ["everyone works at the desk, but the file's list is empty", [], null, false],
  ])("%s", (_, members, queues, may) => {
    expect(mayWork(withMembers(members), { operator: ALEX, queues }, "billing")).toBe(may);
    expect(mayWork(withMembers(members), { operator: FRONTDESK, queues }, "billing")).toBe(true);
  });

  it.each<[string, readonly string[] | null, boolean]>([
    ["members of the default queue have it", ["front-line"], true],
    ["members of another do not", ["billing"], false],
    ["operators without a queue do not", [], false],
    ["all have it at a desk where everyone works", null, true],
  ])("when the queue is gone from the file: %s, so that its cases are not stuck", (_, queues, may) => {
    expect(mayWork({ catalog: acme }, { operator: ALEX, queues }, "gone")).toBe(may);
  });
});

const MEMBER_COMMANDS: DeskCommand[] = [
  { kind: "claim" },
  { kind: "unclaim" },
  { kind: "take_over" },
  { kind: "hand_back" },
  { kind: "resolve" },
  { kind: "transfer", queue: "front-line" },
  { kind: "run", workflow: "triage" },
  { kind: "reply", text: "hi" },
  { kind: "merge", into: 9 },
  { kind: "send_held", ref: "w1" },
];

describe("an operator who does not work in the case's queue", () => {
  it.each(MEMBER_COMMANDS)("can't $kind, and is told whom to ask", (command) => {
    for (const queues of [[], ["front-line"]]) {
      const play = unclaimedCase();
      const before = play.state;
      play.does(KIM, command, queues);
      expect(play.state).toEqual(before);
      expect(codes(play.last)).toEqual(["desk.refused"]);
      expect(hints(play.last)).toEqual([
        [
          "kim",
          "You are not in the queue “Billing”, so this was not done. Ask someone who manages the queues to add you.",
        ],
      ]);
    }
  });

  it.each(MEMBER_COMMANDS)("may $kind at a desk without members", (command) => {
    const play = unclaimedCase();
    play.does(KIM, command);
    expect(hints(play.last).map(([, text]) => text)).not.toContainEqual(expect.stringContaining("You are not in"));
  });

  it("can still write, note, and take back their words", () => {
    const play = unclaimedCase();
    for (const command of [
      { kind: "say", text: "hi", ref: "k1", shown: true },
      { kind: "note", text: "hi" },
      { kind: "edit", ref: "k1", text: "ho" },
      { kind: "delete", ref: "k1" },
      { kind: "keep_held", ref: "k1" },
      { kind: "off_duty" },
    ] as const) {
      play.does(KIM, command, []);
      expect(codes(play.last)).not.toContain("desk.refused");
      expect(toCustomer(play.last)).toEqual([]);
    }
  });

  it("can take over a conversation without a queue if they work in any", () => {
    const play = scene(acme);
    play.writes("hello");
    expect(hints(play.does(KIM, { kind: "take_over" }, []))[0]?.[1]).toContain("You are not in any queue");
    play.does(KIM, { kind: "take_over" }, ["nights"]);
    expect(play.state.case?.holder).toEqual(KIM);
  });

  it("but still holds the case has their words kept inside, and is told why", () => {
    const play = unclaimedCase(catalogOf(live, [], { undoMs: 5_000 }));
    play.does(ALEX, { kind: "claim" }, ["billing"]);
    play.does(ALEX, { kind: "say", text: "Paid.", ref: "w1", shown: true }, []);
    expect(hints(play.last)).toEqual([
      ["alex", expect.stringMatching(/^Kept inside: You are not in the queue “Billing”/)],
    ]);
    expect(toCustomer(play.rings("undo:w1"))).toEqual([]);
    play.does(ALEX, { kind: "resolve" }, []);
    expect(play.state.phase).toBe("open");
  });
});

describe("words that were sent", () => {
  it("can't be edited by an author who no longer works there", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" }, ["billing"]);
    play.does(ALEX, { kind: "say", text: "Paid.", ref: "w1", shown: true }, ["billing"]);
    const before = play.state;
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Paid twice." }, []);
    expect(play.state).toEqual(before);
    expect(codes(play.last)).toEqual(["desk.refused"]);
  });
});

const doWithUnknownMembers = (play: ReturnType<typeof unclaimedCase>, command: DeskCommand) =>
  play.happens({ kind: "operator", operator: KIM, command, queues: [], known: ["front-line"] });

describe("a queue whose members are not known", () => {
  it.each(MEMBER_COMMANDS)("refuses $kind, with the reason and what to do", (command) => {
    const play = unclaimedCase();
    const before = play.state;
    doWithUnknownMembers(play, command);
    expect(play.state).toEqual(before);
    expect(hints(play.last)).toEqual([
      [
        "kim",
        "Nobody can work in the queue “Billing” yet: its members are not known. An admin can find out why with “frontdesk doctor”.",
      ],
    ]);
  });

  it("keeps messages in its threads inside, and says why", () => {
    const play = unclaimedCase();
    doWithUnknownMembers(play, { kind: "say", text: "I am Acme", ref: "w1", shown: true });
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)[0]?.[1]).toContain("Kept inside: Nobody can work in the queue “Billing” yet");
  });
});

describe("a conversation taken over from the bot", () => {
  it.each<[string, readonly string[], string]>([
    ["the default queue, if its operator works there", ["billing", "front-line"], "front-line"],
    ["a queue of theirs otherwise", ["billing"], "billing"],
  ])("goes to %s", (_, queues, queue) => {
    const play = scene(acme);
    play.writes("hello");
    play.does(KIM, { kind: "take_over" }, queues);
    expect(play.state.case).toMatchObject({ queue, holder: KIM });
  });
});

describe("releasing a case from its holder", () => {
  it("by Frontdesk returns it to its queue", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    play.does(FRONTDESK, { kind: "release", reason: "Alex is not with us any more" }, []);
    expect(play.state.case).toMatchObject({ held: true, holder: null, status: "new", queue: "billing" });
    expect(play.last.audits).toMatchObject([
      { operator: "frontdesk", action: "release", before: { holder: "alex" }, after: { holder: null } },
    ]);
  });

  it("is refused to anyone else", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    play.does(KIM, { kind: "release", reason: "mine!" });
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Only Frontdesk can do this."]]);
  });

  it.each<[string, typeof ALEX, DeskCommand]>([
    ["an operator who goes off duty and does not hold it", KIM, { kind: "off_duty" }],
    ["Frontdesk when nobody holds it", FRONTDESK, { kind: "release", reason: "Nobody is there" }],
  ])("by %s changes nothing but the journal", (_, who, command) => {
    const play = unclaimedCase();
    if (who === KIM) play.does(ALEX, { kind: "claim" });
    const before = play.state;
    play.does(who, command);
    expect(play.state).toEqual(before);
    expect(play.last).toMatchObject({ tells: [], audits: [], lines: [{ code: "desk.unheld" }] });
  });
});

describe("a command from a dialog", () => {
  const seen = { holder: null, queue: "billing" };

  it("is done if the case has not changed since", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "transfer", queue: "front-line", seen });
    expect(play.state.case?.queue).toBe("front-line");
  });

  it.each<[string, (play: ReturnType<typeof unclaimedCase>) => unknown, string]>([
    ["claimed", (play) => play.does(ALEX, { kind: "claim" }), "it is in Billing and Alex holds it now"],
    [
      "moved",
      (play) => play.does(ALEX, { kind: "transfer", queue: "nights" }),
      "it is in nights and nobody holds it now",
    ],
  ])("is not done if the case was %s since, and its text is not lost", (_, meanwhile, now) => {
    const play = unclaimedCase();
    meanwhile(play);
    const before = play.state;
    play.does(KIM, { kind: "reply", text: "a long and careful answer", seen });
    expect(play.state).toEqual(before);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", `The case has moved on: ${now}. Nothing was done. You had written: a long and careful answer`],
    ]);
  });
});

describe("an operator who writes first", () => {
  const start = { kind: "start", text: "Your parcel is late.", queue: "billing" } as const;

  it("to a new contact holds the new case, and the bot says nothing", () => {
    const play = scene(acme);
    play.happens({ kind: "operator", operator: ALEX, command: start, queues: null, contact: DANA });
    expect(toCustomer(play.last)).toEqual(["Your parcel is late."]);
    expect(play.state).toMatchObject({
      phase: "open",
      contact: DANA,
      case: { held: true, queue: "billing", holder: ALEX, status: "waiting for the customer" },
    });
    play.writes("Oh. When does it come?");
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.state.case?.holder).toEqual(ALEX);
  });

  it("in a conversation of the bot's silences the bot", () => {
    const play = scene(acme);
    play.writes("hello");
    const epoch = play.state.epoch;
    play.does(ALEX, start);
    expect(play.state).toMatchObject({ runs: [], prompt: null, epoch: epoch + 1, case: { holder: ALEX } });
  });

  it("in a case without a holder gets it, in its queue", () => {
    const play = unclaimedCase();
    play.does(KIM, { ...start, queue: "front-line" });
    expect(play.state.case).toMatchObject({ holder: KIM, queue: "billing" });
    expect(toCustomer(play.last)).toEqual(["Your parcel is late."]);
  });

  it("is refused in a case of another queue, and the text is not lost", () => {
    const play = unclaimedCase();
    const before = play.state;
    play.does(KIM, { ...start, queue: "front-line" }, ["front-line"]);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "This customer has a case in “Billing”, where you do not work. It was not sent: Your parcel is late."],
    ]);
    expect(play.state).toEqual(before);
  });

  it("is refused for a queue in which they do not work", () => {
    const play = scene(acme);
    play.does(KIM, start, ["front-line"]);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "You are not in the queue “Billing”. It was not sent: Your parcel is late."],
    ]);
    expect(play.state.case).toBeNull();
  });

  it("in a case of their own replies there", () => {
    const play = unclaimedCase();
    play.does(KIM, { kind: "claim" });
    expect(toCustomer(play.does(KIM, start))).toEqual(["Your parcel is late."]);
  });

  it("is refused in a case that another holds, and the text is not lost", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    play.does(KIM, start);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "Alex holds a case with this customer. It was not sent: Your parcel is late."],
    ]);
    expect(play.state.case?.holder).toEqual(ALEX);
  });

  it("in a closed case opens it again", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    play.does(ALEX, { kind: "resolve" });
    play.does(KIM, start);
    expect(play.state).toMatchObject({ phase: "open", closedAt: null, resolution: null, case: { holder: KIM } });
  });

  it("is refused without a text, or without any queue", () => {
    const play = scene(acme);
    play.does(ALEX, { ...start, text: "  " });
    expect(hints(play.last)).toEqual([["alex", "There is nothing to send."]]);
    play.does(ALEX, start, []);
    expect(hints(play.last)[0]?.[1]).toContain("You are not in any queue");
    expect(play.state.case).toBeNull();
  });
});
