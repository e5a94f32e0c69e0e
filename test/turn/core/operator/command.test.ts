import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import { isForCustomer } from "../../../../src/turn/core/outcome.ts";
import { ALEX, atDesk, catalogOf, codes, hints, KIM, kinds, release, scene, toCustomer } from "../../scene.ts";
import { HANDED_BACK, REMINDER, SURVEY, TRIAGE } from "../../workflows.ts";

const acme = catalogOf(release({ triage: TRIAGE, back: HANDED_BACK, reminder: REMINDER }));

/** A conversation that the bot has just given to the queue billing. */
function handedOver() {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  return play;
}

/** … and that Alex has claimed. */
function claimed() {
  const play = handedOver();
  play.does(ALEX, { kind: "claim" });
  return play;
}

describe("a handoff", () => {
  it("says so, shows card, past and reason, and silences the bot", () => {
    const { state, last } = handedOver();
    expect(state.case).toMatchObject({
      held: true,
      queue: "billing",
      status: "new",
      holder: null,
      summary: "An invoice",
    });
    expect(state).toMatchObject({ runs: [], prompt: null });
    expect(kinds(last)).toEqual(["notice"]);
    const shown = last.tells.flatMap((tell) => (tell.kind === "desk" ? [tell.part.kind] : []));
    expect(shown).toEqual(["card", "transcript", "entry"]);
  });

  it("passes on to the desk whatever the customer writes then, and nothing else happens", () => {
    const play = handedOver();
    play.writes("1");
    expect(toCustomer(play.last)).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", author: "Dana Smith", text: "1", internal: false }]);
  });

  it.each([
    ["in its hours", "2026-11-20T10:00:00Z", /passing you to a colleague/],
    ["outside them", "2026-11-21T10:00:00Z", /^We are back at .*2026-11-23/],
  ])("to a queue %s says what fits the hour", (_, at, words) => {
    const night = `title: N\nstatus: live\non: conversation.opened\nsteps: [{ handoff: nights }]\n`;
    const play = scene(catalogOf(release({ night })), { at: Date.parse(at) });
    play.writes("hello");
    expect(toCustomer(play.last)).toHaveLength(1);
    expect(toCustomer(play.last)[0]).toMatch(words);
    expect(kinds(play.last)).toEqual(["notice"]);
  });

  it("shows the notes that workflows made before there was a case", () => {
    const noting = `title: N\nstatus: live\non: conversation.opened\nsteps: [{ note: Looked it up }, { handoff: billing }]\n`;
    const play = scene(catalogOf(release({ noting })));
    play.writes("hello");
    expect(atDesk(play.last).filter(({ kind }) => kind === "note")).toMatchObject([
      { text: "Looked it up", internal: true },
    ]);
    expect(play.state.notes).toEqual([]);
  });
});

// T1: order decides.
describe("two operators", () => {
  it("claiming at once: the first holds it, the second is told who does", () => {
    const play = handedOver();
    play.does(ALEX, { kind: "claim" });
    const first = play.state;
    play.does(KIM, { kind: "claim" });
    expect(play.state).toEqual(first);
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Alex holds this case."]]);
    expect(play.last.audits).toEqual([]);
  });

  it("one claiming twice holds it once", () => {
    const play = claimed();
    play.does(ALEX, { kind: "claim" });
    expect(play.state.epoch).toBe(1);
    expect(hints(play.last)).toEqual([["alex", "You hold this case already."]]);
  });

  it.each<DeskCommand>([
    { kind: "unclaim" },
    { kind: "hand_back" },
    { kind: "resolve" },
    { kind: "transfer", queue: "front-line" },
  ])("the other one's $do is refused with the holder's name", (command) => {
    const play = claimed();
    const before = play.state;
    play.does(KIM, command);
    expect(play.state).toEqual(before);
    expect(hints(play.last)[0]?.[0]).toBe("kim");
    expect(hints(play.last)[0]?.[1]).toContain("Alex holds this case");
  });
});

describe("an operator", () => {
  it("who claims raises the epoch, and the claim is audited", () => {
    const play = claimed();
    expect(play.state).toMatchObject({ epoch: 1, case: { holder: ALEX, status: "with us" } });
    expect(play.last.audits).toMatchObject([{ operator: "alex", action: "claim", after: { holder: "alex" } }]);
  });

  it("gives it back to the queue", () => {
    const play = claimed();
    play.does(ALEX, { kind: "unclaim" });
    expect(play.state.case).toMatchObject({ held: true, holder: null, status: "new", queue: "billing" });
    expect(atDesk(play.last)).toMatchObject([{ text: "Alex gave the case back to Billing." }]);
  });

  it.each([
    ["front-line", "front-line", []],
    ["nowhere", "billing", [["alex", "There is no queue “nowhere”. There are: front-line, billing, nights."]]],
    ["constructor", "billing", [["alex", "There is no queue “constructor”. There are: front-line, billing, nights."]]],
    ["billing", "billing", [["alex", "The case is in Billing already."]]],
  ])("transfers to %s", (queue, then, told) => {
    const play = claimed();
    play.does(ALEX, { kind: "transfer", queue });
    expect(play.state.case?.queue).toBe(then);
    expect(hints(play.last)).toEqual(told);
    expect(play.state.case?.holder).toEqual(then === "billing" ? ALEX : null);
    expect(atDesk(play.last)).toMatchObject(then === "billing" ? [] : [{ text: "Alex moved the case to Front line." }]);
  });

  // T8
  it("takes over from the bot: the runs stop, the question is gone, the bot's words in flight are stale", () => {
    const play = scene(acme);
    play.writes("hello");
    expect(play.state.prompt).not.toBeNull();
    play.does(ALEX, { kind: "take_over" });
    expect(play.state).toMatchObject({ runs: [], prompt: null, epoch: 1, case: { held: true, holder: ALEX } });
    expect(toCustomer(play.last)).toEqual([]);
    play.writes("1");
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("takes over a case that another one holds: no", () => {
    const play = claimed();
    play.does(KIM, { kind: "take_over" });
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Alex holds this case."]]);
  });

  it("hands back: the bot goes on with the workflow for that, and takes the next message", () => {
    const play = claimed();
    play.does(ALEX, { kind: "hand_back" });
    expect(play.state.case).toMatchObject({ held: false, holder: null, status: "with the bot" });
    expect(toCustomer(play.last)).toEqual(["I am back."]);
    play.writes("and now?");
    expect(toCustomer(play.last)).toContain("Hello, this is Acme.");
  });

  it("resolves: closed, and what they write then stays inside", () => {
    const play = claimed();
    play.does(ALEX, { kind: "resolve" });
    expect(play.state).toMatchObject({
      phase: "closed",
      resolution: "solved by operator",
      case: { status: "solved", held: false },
    });
    play.does(ALEX, { kind: "say", text: "one more thing" });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("can do nothing with what the bot holds but take it over", () => {
    const play = scene(acme);
    play.writes("hello");
    for (const command of [{ kind: "claim" }, { kind: "resolve" }, { kind: "reply", text: "hi" }] as const) {
      play.does(ALEX, command);
      expect(hints(play.last)).toEqual([["alex", "The bot holds this conversation. Take over first."]]);
      expect(toCustomer(play.last)).toEqual([]);
    }
  });
});

// desk.md, "What reaches the customer"
describe("what reaches the customer", () => {
  const unclaimed = handedOver;
  const reaches: [string, () => ReturnType<typeof handedOver>, typeof ALEX, DeskCommand, boolean, boolean][] = [
    ["the holder writes in the thread", claimed, ALEX, { kind: "say", text: "hi" }, true, false],
    ["the holder presses Reply", claimed, ALEX, { kind: "reply", text: "hi" }, true, false],
    ["another one presses Reply to customer", claimed, KIM, { kind: "reply", text: "hi" }, true, false],
    ["another one writes in the thread", claimed, KIM, { kind: "say", text: "hi" }, false, true],
    ["somebody writes in an unclaimed thread", unclaimed, ALEX, { kind: "say", text: "hi" }, false, true],
    ["somebody presses Reply in an unclaimed thread", unclaimed, ALEX, { kind: "reply", text: "hi" }, false, true],
    ["the holder begins with //", claimed, ALEX, { kind: "say", text: "// hi" }, false, false],
    ["the holder begins with spaces and //", claimed, ALEX, { kind: "say", text: "  //hi" }, false, false],
    ["the holder begins with 🔒", claimed, ALEX, { kind: "say", text: "🔒 hi" }, false, false],
    ["the holder slips into a slash command", claimed, ALEX, { kind: "say", text: "/note hi" }, false, false],
    ["the holder notes", claimed, ALEX, { kind: "note", text: "hi" }, false, false],
  ];
  it.each(reaches)("%s", (_, begin, who, command, arrives, hinted) => {
    const play = begin();
    play.does(who, command);
    expect(toCustomer(play.last)).toEqual(arrives ? ["hi"] : []);
    expect(hints(play.last).map(([whom]) => whom)).toEqual(hinted ? [who.id] : []);
    expect(atDesk(play.last)).toMatchObject([
      { author: who.name, kind: arrives ? "reply" : "note", internal: !arrives },
    ]);
  });

  it("is never dropped by a take-over once a person wrote it, and says whose it is", () => {
    const play = claimed();
    play.does(ALEX, { kind: "say", text: "hi" });
    expect(play.last.tells.find((tell) => isForCustomer(tell))).toMatchObject({
      kind: "notice",
      author: "operator",
      authorName: "Alex",
    });
    expect(play.state.case).toMatchObject({ status: "waiting for the customer", waitingSince: null });
  });
});

describe("a customer who comes back", () => {
  it("finds the queue that knew them, where people had served them", () => {
    const play = claimed();
    play.does(ALEX, { kind: "resolve" });
    play.writes("it is broken again");
    expect(play.state).toMatchObject({
      phase: "open",
      case: { held: true, queue: "billing", holder: null, status: "new" },
    });
    expect(play.state.case?.reason).toContain("Alex");
    expect(toCustomer(play.last)).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", text: "it is broken again" }]);
    expect(codes(play.last)).toContain("desk.returned");
  });

  it("finds the bot, where people had given them back and the bot had closed", () => {
    const play = claimed();
    play.does(ALEX, { kind: "hand_back" });
    play.writes("hello");
    play.presses("access");
    expect(play.state).toMatchObject({ phase: "closed", resolution: "solved by bot" });
    play.writes("it is broken again");
    expect(play.state.case?.held).toBe(false);
    expect(toCustomer(play.last)).toContain("Hello, this is Acme.");
  });
});

const fails = (outcome: "failed" | "parked") =>
  ({ kind: "undelivered", outbox: 9, desk: false, outcome, reason: "No answer" }) as const;

describe("what could not be delivered", () => {
  it.each(["failed", "parked"] as const)(
    "%s: gives the conversation to a person, without a word to the customer",
    (outcome) => {
      const play = scene(acme);
      play.writes("hello");
      play.happens(fails(outcome));
      expect(play.state).toMatchObject({ prompt: null, runs: [], case: { held: true, summary: "No answer" } });
      expect(toCustomer(play.last)).toEqual([]);
    },
  );

  it("is told to the people who hold it", () => {
    const play = claimed();
    play.happens(fails("parked"));
    expect(atDesk(play.last)).toMatchObject([{ kind: "system", internal: true }]);
    expect(atDesk(play.last)[0]?.text).toContain("unknown whether a message arrived");
  });

  it("is shown in the thread of a case that was resolved meanwhile", () => {
    const play = claimed();
    play.does(ALEX, { kind: "say", text: "solved, bye" });
    play.does(ALEX, { kind: "resolve" });
    play.happens(fails("failed"));
    expect(atDesk(play.last)).toHaveLength(1);
    expect(play.state.phase).toBe("closed");
  });

  it("is not told to a desk that could not show it: that would never end", () => {
    const play = claimed();
    play.happens({ ...fails("failed"), desk: true });
    expect(play.last.tells).toEqual([]);
    expect(codes(play.last)).toEqual(["desk.unshown"]);
  });
});

describe("a workflow beside the dialogue", () => {
  const ask = `title: Ask\nstatus: live\non: manual\nsteps:\n  - ask: Shall we call?\n    save: call\n    options: { yes_please: Call me, no_thanks: Write to me }\n`;

  it("that asks waits until the dialogue is free, and then asks", () => {
    const play = scene(catalogOf(release({ triage: TRIAGE, ask })));
    play.writes("hello");
    play.does(ALEX, { kind: "run", workflow: "ask" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.state.waiting).toHaveLength(1);
    play.presses("order");
    play.writes("1234");
    play.answers({ ok: true, value: {} });
    expect(toCustomer(play.last)).toHaveLength(2);
    expect(toCustomer(play.last)[1]).toMatch(/^Shall we call\?/);
    expect(play.state.waiting).toEqual([]);
    play.writes("write to me");
    expect(play.state.runs).toEqual([]);
  });

  it("that asks after a wait does not push aside the question that is open then", () => {
    const later = ask.replace("steps:\n", "steps:\n  - wait: 10m\n");
    const play = scene(catalogOf(release({ triage: TRIAGE, later })));
    play.writes("hello");
    play.presses("order");
    play.writes("1234");
    play.answers({ ok: true, value: {} });
    play.does(ALEX, { kind: "run", workflow: "later" });
    const alarm = play.last.alarms[0]?.id ?? "";
    play.writes("hello again");
    const prompt = play.state.prompt;
    play.after(10).rings(alarm);
    expect(play.state.prompt).toEqual(prompt);
    expect(toCustomer(play.last)).toEqual([]);
    play.presses("order");
    play.writes("1234");
    play.answers({ ok: true, value: {} });
    expect(toCustomer(play.last).at(-1)).toMatch(/^Shall we call\?/);
  });

  it("is not begun where ten had triggered each other", () => {
    const play = scene(catalogOf(release({ triage: TRIAGE, ask })));
    play.writes("hello");
    const deep = { workflow: "ask", release: 1, trigger: "manual", depth: 10 } as const;
    play.resume({ ...play.state, runs: [], prompt: null, waiting: [deep] });
    play.rings("nothing");
    expect(codes(play.last)).toContain("workflow.chain");
    expect(play.state).toMatchObject({ runs: [], waiting: [] });
    expect(toCustomer(play.last)).toEqual([]);
  });
});

const surveyed = () => {
  const play = scene(catalogOf(release({ triage: TRIAGE, survey: SURVEY })), { channel: "text" });
  play.writes("hello");
  play.writes("3");
  expect(toCustomer(play.last).at(-1)).toMatch(/How did we do/);
  return play;
};

describe("a survey after the close", () => {
  it("takes its answer without opening the conversation again", () => {
    const play = surveyed();
    play.writes("1");
    expect(play.state).toMatchObject({ phase: "closed", tags: ["topic:access", "score:good"] });
    expect(toCustomer(play.last)).toEqual(["Thank you."]);
  });

  it("whose answer asks for people opens it for them", () => {
    const play = surveyed();
    play.writes("bad");
    expect(play.state).toMatchObject({ phase: "open", closedAt: null, case: { held: true, queue: "billing" } });
    play.does(ALEX, { kind: "claim" });
    expect(play.state.case?.holder).toEqual(ALEX);
  });

  it("is over where the customer comes back with something else", () => {
    const play = surveyed();
    play.writes("my parcel came without a lid");
    expect(play.state.phase).toBe("open");
    expect(toCustomer(play.last)).toContain("Hello, this is Acme.");
    expect(play.state.runs).toHaveLength(1);
    play.writes("2");
    expect(play.state.tags).toContain("topic:order");
  });
});

describe("the facts on a card", () => {
  const LOOKS_UP = `
title: Looks up
status: live
on: conversation.opened
steps:
  - ask: What is it about?
    save: topic
    options: { order: My parcel, other: Something else }
  - use: crm.get
    with: { key: "1" }
    save: account
    on_error: [{ set: { account.tier: unknown } }]
  - handoff: billing
`;

  it("are what the workflow saved, and of what went wrong the words", () => {
    const play = scene(catalogOf(release({ looking: LOOKS_UP })));
    play.writes("hello");
    play.presses("order");
    play.answers({ ok: false, error: { reason: "not_found", message: "It answered 404.", retryable: false } });
    expect(play.state.case?.facts).toEqual([
      { label: "topic", value: "order" },
      { label: "choice", value: "order" },
      { label: "error.says", value: "crm.get failed: It answered 404." },
      { label: "account.tier", value: "unknown" },
    ]);
  });
});

it("a case that was handed back and is taken over again keeps its summary", () => {
  const play = scene(catalogOf(release({ people: SUMMED_UP })));
  play.writes("hello");
  play.does(ALEX, { kind: "claim" });
  play.does(ALEX, { kind: "hand_back" });
  play.does(KIM, { kind: "take_over" });
  expect(play.state.case).toMatchObject({ holder: KIM, summary: "A parcel is late." });
  expect(atDesk(play.last).map(({ text }) => text)).toEqual(["Kim took over from the bot."]);
});

const SUMMED_UP = `
title: Summed up
status: live
on: [conversation.opened, message.received]
steps: [{ handoff: front-line, summary: A parcel is late. }]
`;
