import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { FRONTDESK } from "../../../../src/domain/reach.ts";
import { mayWork } from "../../../../src/turn/core/operator/members.ts";
import { ALEX, catalogOf, codes, DANA, hints, KIM, release, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

const live = release({ triage: TRIAGE });
const acme = catalogOf(live);

/** A case in the queue billing that nobody holds. */
function open(catalog = acme) {
  const play = scene(catalog);
  play.writes("hello");
  play.presses("billing");
  return play;
}

/** The live content, whose queue billing has these members. */
const staffed = (members: Queue["members"]) => {
  const billing = { id: "billing", title: "Billing", members, hours: null, deskPlace: null, closedSay: null };
  return { catalog: { ...acme, live: { ...live, queues: { ...live.queues, billing } } } };
};

describe("who works in a queue", () => {
  it.each<[string, Queue["members"], readonly string[] | null, boolean]>([
    ["the desk says they do", "channel", ["billing"], true],
    ["the desk says they work elsewhere", "channel", ["front-line"], false],
    ["the desk says they work nowhere", "channel", [], false],
    ["everyone works at the desk", "channel", null, true],
    ["everyone works at the desk, whatever group is named", { usergroup: "@support" }, null, true],
    ["the desk says, whatever the list in the file", ["kim"], ["billing"], true],
    ["everyone works at the desk, but their id is in the list", ["alex"], null, true],
    ["everyone works at the desk, but their name is in the list", ["Alex"], null, true],
    ["everyone works at the desk, but the list has others", ["kim"], null, false],
    ["everyone works at the desk, but the list is empty", [], null, false],
  ])("%s", (_, members, queues, may) => {
    expect(mayWork(staffed(members), { operator: ALEX, queues }, "billing")).toBe(may);
    expect(mayWork(staffed(members), { operator: FRONTDESK, queues }, "billing")).toBe(true);
  });

  it.each<[string, readonly string[] | null, boolean]>([
    ["those of the default queue", ["front-line"], true],
    ["nobody of another", ["billing"], false],
    ["nobody who works nowhere", [], false],
    ["everyone at a desk where everyone works", null, true],
  ])("where the queue is gone from the file: %s, so that its cases are not stuck", (_, queues, may) => {
    expect(mayWork({ catalog: acme }, { operator: ALEX, queues }, "gone")).toBe(may);
  });
});

const needing: DeskCommand[] = [
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

describe("one who does not work in the case's queue", () => {
  it.each(needing)("can't $do, and is told whom to ask", (command) => {
    for (const queues of [[], ["front-line"]]) {
      const play = open();
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

  it.each(needing)("is not asked where they work for $do, where the desk does not know", (command) => {
    const play = open();
    play.does(KIM, command);
    expect(hints(play.last).map(([, text]) => text)).not.toContainEqual(expect.stringContaining("You are not in"));
  });

  it("can still say, note, and take back what they said", () => {
    const play = open();
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

  it("but in any queue can take over what is in none yet", () => {
    const play = scene(acme);
    play.writes("hello");
    expect(hints(play.does(KIM, { kind: "take_over" }, []))[0]?.[1]).toContain("You are not in any queue");
    play.does(KIM, { kind: "take_over" }, ["nights"]);
    expect(play.state.case?.holder).toEqual(KIM);
  });

  it("and holds the case still is heard by colleagues alone, and told why", () => {
    const play = open(catalogOf(live, [], { undoMs: 5_000 }));
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

describe("words that have left", () => {
  it("are changed by nobody who does not work there any more", () => {
    const play = open();
    play.does(ALEX, { kind: "claim" }, ["billing"]);
    play.does(ALEX, { kind: "say", text: "Paid.", ref: "w1", shown: true }, ["billing"]);
    const before = play.state;
    play.does(ALEX, { kind: "edit", ref: "w1", text: "Paid twice." }, []);
    expect(play.state).toEqual(before);
    expect(codes(play.last)).toEqual(["desk.refused"]);
  });
});

const unknown = (play: ReturnType<typeof open>, command: DeskCommand) =>
  play.happens({ kind: "operator", operator: KIM, command, queues: [], known: ["front-line"] });

describe("a queue of which it is not known who works there", () => {
  it.each(needing)("is nobody's: $do is refused, and it is said why and what to do", (command) => {
    const play = open();
    const before = play.state;
    unknown(play, command);
    expect(play.state).toEqual(before);
    expect(hints(play.last)).toEqual([
      [
        "kim",
        "Nobody can work in the queue “Billing” yet: its members are not known. An admin can find out why with “frontdesk doctor”.",
      ],
    ]);
  });

  it("keeps what is written in its threads inside, and says so", () => {
    const play = open();
    unknown(play, { kind: "say", text: "I am Acme", ref: "w1", shown: true });
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)[0]?.[1]).toContain("Kept inside: Nobody can work in the queue “Billing” yet");
  });
});

describe("what is taken over from the bot", () => {
  it.each<[string, readonly string[], string]>([
    ["the default queue, where its operator works there", ["billing", "front-line"], "front-line"],
    ["else a queue of theirs, so that they can go on with it", ["billing"], "billing"],
  ])("goes to %s", (_, queues, queue) => {
    const play = scene(acme);
    play.writes("hello");
    play.does(KIM, { kind: "take_over" }, queues);
    expect(play.state.case).toMatchObject({ queue, holder: KIM });
  });
});

describe("a case is taken from its holder", () => {
  it("by Frontdesk, and goes back to its queue", () => {
    const play = open();
    play.does(ALEX, { kind: "claim" });
    play.does(FRONTDESK, { kind: "release", reason: "Alex is not with us any more" }, []);
    expect(play.state.case).toMatchObject({ held: true, holder: null, status: "new", queue: "billing" });
    expect(play.last.audits).toMatchObject([
      { operator: "frontdesk", action: "release", before: { holder: "alex" }, after: { holder: null } },
    ]);
  });

  it("by nobody else", () => {
    const play = open();
    play.does(ALEX, { kind: "claim" });
    play.does(KIM, { kind: "release", reason: "mine!" });
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Only Frontdesk can do this."]]);
  });

  it.each<[string, typeof ALEX, DeskCommand]>([
    ["one who goes off duty and holds another", KIM, { kind: "off_duty" }],
    ["Frontdesk, where nobody holds it", FRONTDESK, { kind: "release", reason: "Nobody is there" }],
  ])("not by %s: only the journal says so", (_, who, command) => {
    const play = open();
    if (who === KIM) play.does(ALEX, { kind: "claim" });
    const before = play.state;
    play.does(who, command);
    expect(play.state).toEqual(before);
    expect(play.last).toMatchObject({ tells: [], audits: [], lines: [{ code: "desk.unheld" }] });
  });
});

describe("what was decided in a dialog", () => {
  const seen = { holder: null, queue: "billing" };

  it("is done where the case stands as it was seen", () => {
    const play = open();
    play.does(ALEX, { kind: "transfer", queue: "front-line", seen });
    expect(play.state.case?.queue).toBe("front-line");
  });

  it.each<[string, (play: ReturnType<typeof open>) => unknown, string]>([
    ["claimed", (play) => play.does(ALEX, { kind: "claim" }), "it is in Billing and Alex holds it now"],
    [
      "moved",
      (play) => play.does(ALEX, { kind: "transfer", queue: "nights" }),
      "it is in nights and nobody holds it now",
    ],
  ])("is not done where it was %s since, and what they wrote is not lost", (_, meanwhile, now) => {
    const play = open();
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

describe("we write first", () => {
  const start = { kind: "start", text: "Your parcel is late.", queue: "billing" } as const;

  it("to a new contact: a case that its starter holds, without a word of the bot's", () => {
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

  it("in a conversation that the bot has: the bot is silent from then on", () => {
    const play = scene(acme);
    play.writes("hello");
    const epoch = play.state.epoch;
    play.does(ALEX, start);
    expect(play.state).toMatchObject({ runs: [], prompt: null, epoch: epoch + 1, case: { holder: ALEX } });
  });

  it("in a case that nobody holds: it is theirs, where it was", () => {
    const play = open();
    play.does(KIM, { ...start, queue: "front-line" });
    expect(play.state.case).toMatchObject({ holder: KIM, queue: "billing" });
    expect(toCustomer(play.last)).toEqual(["Your parcel is late."]);
  });

  it("but not in a case of a queue that they do not work in, and what they wrote is not lost", () => {
    const play = open();
    const before = play.state;
    play.does(KIM, { ...start, queue: "front-line" }, ["front-line"]);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "This customer has a case in “Billing”, where you do not work. It was not sent: Your parcel is late."],
    ]);
    expect(play.state).toEqual(before);
  });

  it("but not for a queue that they do not work in", () => {
    const play = scene(acme);
    play.does(KIM, start, ["front-line"]);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "You are not in the queue “Billing”. It was not sent: Your parcel is late."],
    ]);
    expect(play.state.case).toBeNull();
  });

  it("in a case of one's own: it is said there", () => {
    const play = open();
    play.does(KIM, { kind: "claim" });
    expect(toCustomer(play.does(KIM, start))).toEqual(["Your parcel is late."]);
  });

  it("but not in one that another holds, and what they wrote is not lost", () => {
    const play = open();
    play.does(ALEX, { kind: "claim" });
    play.does(KIM, start);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "Alex holds a case with this customer. It was not sent: Your parcel is late."],
    ]);
    expect(play.state.case?.holder).toEqual(ALEX);
  });

  it("in one that was closed: it is open again", () => {
    const play = open();
    play.does(ALEX, { kind: "claim" });
    play.does(ALEX, { kind: "resolve" });
    play.does(KIM, start);
    expect(play.state).toMatchObject({ phase: "open", closedAt: null, resolution: null, case: { holder: KIM } });
  });

  it("but not without words, and not from no queue at all", () => {
    const play = scene(acme);
    play.does(ALEX, { ...start, text: "  " });
    expect(hints(play.last)).toEqual([["alex", "There is nothing to send."]]);
    play.does(ALEX, start, []);
    expect(hints(play.last)[0]?.[1]).toContain("You are not in any queue");
    expect(play.state.case).toBeNull();
  });
});
