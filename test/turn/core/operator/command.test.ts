import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import { isForCustomer } from "../../../../src/turn/core/outcome.ts";
import { ALEX, atDesk, catalogOf, codes, hints, KIM, kinds, release, scene, toCustomer } from "../../scene.ts";
import { HANDED_BACK, REMINDER, SURVEY, TRIAGE } from "../../workflows.ts";

const acme = catalogOf(release({ triage: TRIAGE, back: HANDED_BACK, reminder: REMINDER }));

/** A conversation that the bot has just handed over to the queue billing. */
function unclaimedCase() {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  return play;
}

/** A case that Alex has claimed. */
function claimedCase() {
  const play = unclaimedCase();
  play.does(ALEX, { kind: "claim" });
  return play;
}

describe("a handoff", () => {
  it("tells the customer, shows card, transcript and reason, and silences the bot", () => {
    const { state, last } = unclaimedCase();
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

  it("mirrors the customer's next messages to the desk, and does nothing else", () => {
    const play = unclaimedCase();
    play.writes("1");
    expect(toCustomer(play.last)).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", author: "Dana Smith", text: "1", internal: false }]);
  });

  it.each([
    ["in its hours", "2026-11-20T10:00:00Z", /passing you to a colleague/],
    ["outside its hours", "2026-11-21T10:00:00Z", /^We are back at .*2026-11-23/],
  ])("to a queue %s has the words for that time", (_, at, words) => {
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
  it("claiming at once: the first holds the case, the second is told who does", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    const first = play.state;
    play.does(KIM, { kind: "claim" });
    expect(play.state).toEqual(first);
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Alex holds this case."]]);
    expect(play.last.audits).toEqual([]);
  });

  it("one claiming twice holds the case once", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "claim" });
    expect(play.state.epoch).toBe(1);
    expect(hints(play.last)).toEqual([["alex", "You hold this case already."]]);
  });

  it.each<DeskCommand>([
    { kind: "unclaim" },
    { kind: "hand_back" },
    { kind: "resolve" },
    { kind: "transfer", queue: "front-line" },
  ])("the other's $kind is refused with the holder's name", (command) => {
    const play = claimedCase();
    const before = play.state;
    play.does(KIM, command);
    expect(play.state).toEqual(before);
    expect(hints(play.last)[0]?.[0]).toBe("kim");
    expect(hints(play.last)[0]?.[1]).toContain("Alex holds this case");
  });
});

describe("an operator", () => {
  it("who claims raises the epoch and is audited", () => {
    const play = claimedCase();
    expect(play.state).toMatchObject({ epoch: 1, case: { holder: ALEX, status: "with us" } });
    expect(play.last.audits).toMatchObject([{ operator: "alex", action: "claim", after: { holder: "alex" } }]);
  });

  it("gives a case back to the queue", () => {
    const play = claimedCase();
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
    const play = claimedCase();
    play.does(ALEX, { kind: "transfer", queue });
    expect(play.state.case?.queue).toBe(then);
    expect(hints(play.last)).toEqual(told);
    expect(play.state.case?.holder).toEqual(then === "billing" ? ALEX : null);
    expect(atDesk(play.last)).toMatchObject(then === "billing" ? [] : [{ text: "Alex moved the case to Front line." }]);
  });

  // T8
  it("takes over from the bot: runs and prompt end, and the bot's unsent replies are stale", () => {
    const play = scene(acme);
    play.writes("hello");
    expect(play.state.prompt).not.toBeNull();
    play.does(ALEX, { kind: "take_over" });
    expect(play.state).toMatchObject({ runs: [], prompt: null, epoch: 1, case: { held: true, holder: ALEX } });
    expect(toCustomer(play.last)).toEqual([]);
    play.writes("1");
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("can't take over a case that another holds", () => {
    const play = claimedCase();
    play.does(KIM, { kind: "take_over" });
    expect(play.state.case?.holder).toEqual(ALEX);
    expect(hints(play.last)).toEqual([["kim", "Alex holds this case."]]);
  });

  it("hands back: the workflow for that starts, and the bot takes the next message", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "hand_back" });
    expect(play.state.case).toMatchObject({ held: false, holder: null, status: "with the bot" });
    expect(toCustomer(play.last)).toEqual(["I am back."]);
    play.writes("and now?");
    expect(toCustomer(play.last)).toContain("Hello, this is Acme.");
  });

  it("resolves: the case is closed, and later messages in the thread stay inside", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "resolve" });
    expect(play.state).toMatchObject({
      phase: "closed",
      resolution: "solved by operator",
      case: { status: "solved", held: false },
    });
    play.does(ALEX, { kind: "say", text: "one more thing" });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("can only take over what the bot holds", () => {
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
  const unclaimed = unclaimedCase;
  const reaches: [string, () => ReturnType<typeof unclaimedCase>, typeof ALEX, DeskCommand, boolean, boolean][] = [
    ["the holder writes in the thread", claimedCase, ALEX, { kind: "say", text: "hi" }, true, false],
    ["the holder presses Reply", claimedCase, ALEX, { kind: "reply", text: "hi" }, true, false],
    ["another one presses Reply to customer", claimedCase, KIM, { kind: "reply", text: "hi" }, true, false],
    ["another one writes in the thread", claimedCase, KIM, { kind: "say", text: "hi" }, false, true],
    ["somebody writes in an unclaimed thread", unclaimed, ALEX, { kind: "say", text: "hi" }, false, true],
    ["somebody presses Reply in an unclaimed thread", unclaimed, ALEX, { kind: "reply", text: "hi" }, false, true],
    ["the holder begins with //", claimedCase, ALEX, { kind: "say", text: "// hi" }, false, false],
    ["the holder begins with spaces and //", claimedCase, ALEX, { kind: "say", text: "  //hi" }, false, false],
    ["the holder begins with 🔒", claimedCase, ALEX, { kind: "say", text: "🔒 hi" }, false, false],
    ["the holder slips into a slash command", claimedCase, ALEX, { kind: "say", text: "/note hi" }, false, false],
    ["the holder notes", claimedCase, ALEX, { kind: "note", text: "hi" }, false, false],
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

  it("is a notice in the operator's name, which no take-over drops", () => {
    const play = claimedCase();
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
  it("returns to the queue of the case that people had solved", () => {
    const play = claimedCase();
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

  it("returns to the bot when people had handed back and the bot had closed", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "hand_back" });
    play.writes("hello");
    play.presses("access");
    expect(play.state).toMatchObject({ phase: "closed", resolution: "solved by bot" });
    play.writes("it is broken again");
    expect(play.state.case?.held).toBe(false);
    expect(toCustomer(play.last)).toContain("Hello, this is Acme.");
  });
});

const undelivered = (outcome: "failed" | "parked") =>
  ({ kind: "undelivered", outbox: 9, desk: false, outcome, reason: "No answer" }) as const;

describe("a part that could not be delivered", () => {
  it.each(["failed", "parked"] as const)("%s: hands over to a person, without a message to the customer", (outcome) => {
    const play = scene(acme);
    play.writes("hello");
    play.happens(undelivered(outcome));
    expect(play.state).toMatchObject({ prompt: null, runs: [], case: { held: true, summary: "No answer" } });
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("is shown to the people who hold the conversation", () => {
    const play = claimedCase();
    play.happens(undelivered("parked"));
    expect(atDesk(play.last)).toMatchObject([{ kind: "system", internal: true }]);
    expect(atDesk(play.last)[0]?.text).toContain("unknown whether a message arrived");
  });

  it("is shown in the thread of a case that was resolved meanwhile", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "say", text: "solved, bye" });
    play.does(ALEX, { kind: "resolve" });
    play.happens(undelivered("failed"));
    expect(atDesk(play.last)).toHaveLength(1);
    expect(play.state.phase).toBe("closed");
  });

  it("is not shown at the desk when it was the desk's own, since that would not end", () => {
    const play = claimedCase();
    play.happens({ ...undelivered("failed"), desk: true });
    expect(play.last.tells).toEqual([]);
    expect(codes(play.last)).toEqual(["desk.unshown"]);
  });
});

describe("a background workflow", () => {
  const ask = `title: Ask\nstatus: live\non: manual\nsteps:\n  - ask: Shall we call?\n    save: call\n    options: { yes_please: Call me, no_thanks: Write to me }\n`;

  it("that asks waits until nothing holds the dialogue", () => {
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

  it("that asks after a wait does not replace a question that is open then", () => {
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

  it("is not started when ten had triggered each other", () => {
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

const atSurvey = () => {
  const play = scene(catalogOf(release({ triage: TRIAGE, survey: SURVEY })), { channel: "text" });
  play.writes("hello");
  play.writes("3");
  expect(toCustomer(play.last).at(-1)).toMatch(/How did we do/);
  return play;
};

describe("a survey after the close", () => {
  it("takes its answer without opening the conversation again", () => {
    const play = atSurvey();
    play.writes("1");
    expect(play.state).toMatchObject({ phase: "closed", tags: ["topic:access", "score:good"] });
    expect(toCustomer(play.last)).toEqual(["Thank you."]);
  });

  it("opens the conversation when its answer hands over to people", () => {
    const play = atSurvey();
    play.writes("bad");
    expect(play.state).toMatchObject({ phase: "open", closedAt: null, case: { held: true, queue: "billing" } });
    play.does(ALEX, { kind: "claim" });
    expect(play.state.case?.holder).toEqual(ALEX);
  });

  it("ends when the customer comes back with something else", () => {
    const play = atSurvey();
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

  it("are the workflow's values, and an error's message", () => {
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
