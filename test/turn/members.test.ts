import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../src/channel/desk-command.ts";
import type { Queue } from "../../src/domain/queue.ts";
import { FRONTDESK, mayWork } from "../../src/turn/core/members.ts";
import { ALEX, catalogOf, codes, DANA, hints, KIM, release, scene, toCustomer } from "./scene.ts";
import { TRIAGE } from "./workflows.ts";

const live = release({ triage: TRIAGE });
const acme = catalogOf(live);

/** A case in the queue billing that nobody holds. */
function open(catalog = acme) {
  const play = scene(catalog);
  play.writes("hello");
  play.presses("billing");
  return play;
}

const queue = (members: Queue["members"]): Queue => ({
  id: "billing",
  title: "Billing",
  members,
  hours: null,
  slackChannel: null,
  closedSay: null,
});

describe("who works in a queue", () => {
  it.each<[string, Queue["members"], readonly string[] | null, boolean]>([
    ["the desk says they do", "channel", ["billing"], true],
    ["the desk says they work elsewhere", "channel", ["front-line"], false],
    ["the desk says they work nowhere", "channel", [], false],
    ["the desk does not know, and whoever is there works there", "channel", null, true],
    ["the desk does not know who is in the group", { usergroup: "@support" }, null, true],
    ["the desk says, whatever the list in the file", ["kim"], ["billing"], true],
    ["the desk does not know, and their id is in the list", ["alex"], null, true],
    ["the desk does not know, and their name is in the list", ["Alex"], null, true],
    ["the desk does not know, and the list has others", ["kim"], null, false],
    ["the desk does not know, and the list is empty", [], null, false],
  ])("%s", (_, members, queues, may) => {
    expect(mayWork(queue(members), ALEX, queues)).toBe(may);
    expect(mayWork(queue(members), FRONTDESK, queues)).toBe(true);
  });

  it("everyone, where the queue is gone from the file: its cases must not be stuck", () => {
    expect(mayWork(undefined, ALEX, [])).toBe(true);
  });
});

const needing: DeskCommand[] = [
  { do: "claim" },
  { do: "unclaim" },
  { do: "take_over" },
  { do: "hand_back" },
  { do: "resolve" },
  { do: "transfer", queue: "front-line" },
  { do: "run", workflow: "triage" },
  { do: "reply", text: "hi" },
  { do: "merge", into: 9 },
  { do: "send_held", ref: "w1" },
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
          "You are not in the queue “Billing”, so this was not done. Whoever looks after the queues can add you.",
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
      { do: "say", text: "hi", ref: "k1", shown: true },
      { do: "note", text: "hi" },
      { do: "edit", ref: "k1", text: "ho" },
      { do: "delete", ref: "k1" },
      { do: "keep_held", ref: "k1" },
      { do: "off_duty" },
    ] as const) {
      play.does(KIM, command, []);
      expect(codes(play.last)).not.toContain("desk.refused");
      expect(toCustomer(play.last)).toEqual([]);
    }
  });

  it("but in any queue can take over what is in none yet", () => {
    const play = scene(acme);
    play.writes("hello");
    expect(hints(play.does(KIM, { do: "take_over" }, []))[0]?.[1]).toContain("You are not in any queue");
    play.does(KIM, { do: "take_over" }, ["nights"]);
    expect(play.state.case?.holder).toEqual(KIM);
  });

  it("and holds the case keeps what they wrote from being lost: it leaves, though they can't act any more", () => {
    const play = open(catalogOf(live, [], { undoMs: 5_000 }));
    play.does(ALEX, { do: "claim" }, ["billing"]);
    play.does(ALEX, { do: "say", text: "Paid.", ref: "w1", shown: true }, []);
    expect(toCustomer(play.rings("undo:w1"))).toEqual(["Paid."]);
    play.does(ALEX, { do: "resolve" }, []);
    expect(play.state.phase).toBe("open");
  });
});

describe("a case is taken from its holder", () => {
  it("by Frontdesk, and goes back to its queue", () => {
    const play = open();
    play.does(ALEX, { do: "claim" });
    play.does(FRONTDESK, { do: "release", because: "Alex is not with us any more" }, []);
    expect(play.state.case).toMatchObject({ held: true, holder: null, status: "new", queue: "billing" });
    expect(play.last.audits).toMatchObject([
      { operator: "frontdesk", action: "release", before: { holder: "alex" }, after: { holder: null } },
    ]);
  });

  it("by nobody else", () => {
    const play = open();
    play.does(ALEX, { do: "claim" });
    play.does(KIM, { do: "release", because: "mine!" });
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Only Frontdesk can do this."]]);
  });

  it.each<[string, typeof ALEX, DeskCommand]>([
    ["one who goes off duty and holds another", KIM, { do: "off_duty" }],
    ["Frontdesk, where nobody holds it", FRONTDESK, { do: "release", because: "Nobody is there" }],
  ])("not by %s: only the journal says so", (_, who, command) => {
    const play = open();
    if (who === KIM) play.does(ALEX, { do: "claim" });
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
    play.does(ALEX, { do: "transfer", queue: "front-line", seen });
    expect(play.state.case?.queue).toBe("front-line");
  });

  it.each<[string, (play: ReturnType<typeof open>) => unknown, string]>([
    ["claimed", (play) => play.does(ALEX, { do: "claim" }), "it is in Billing and Alex holds it now"],
    [
      "moved",
      (play) => play.does(ALEX, { do: "transfer", queue: "nights" }),
      "it is in nights and nobody holds it now",
    ],
  ])("is not done where it was %s since, and what they wrote is not lost", (_, meanwhile, now) => {
    const play = open();
    meanwhile(play);
    const before = play.state;
    play.does(KIM, { do: "reply", text: "a long and careful answer", seen });
    expect(play.state).toEqual(before);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", `The case has moved on: ${now}. Nothing was done. You had written: a long and careful answer`],
    ]);
  });
});

describe("we write first", () => {
  const start = { do: "start", text: "Your parcel is late.", queue: "billing" } as const;

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
    play.does(KIM, { do: "claim" });
    expect(toCustomer(play.does(KIM, start))).toEqual(["Your parcel is late."]);
  });

  it("but not in one that another holds, and what they wrote is not lost", () => {
    const play = open();
    play.does(ALEX, { do: "claim" });
    play.does(KIM, start);
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      ["kim", "Alex holds a case with this customer. It was not sent: Your parcel is late."],
    ]);
    expect(play.state.case?.holder).toEqual(ALEX);
  });

  it("in one that was closed: it is open again", () => {
    const play = open();
    play.does(ALEX, { do: "claim" });
    play.does(ALEX, { do: "resolve" });
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
