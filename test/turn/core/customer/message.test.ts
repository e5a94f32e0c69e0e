import { describe, expect, it } from "vitest";
import { isForCustomer } from "../../../../src/turn/core/outcome.ts";
import { catalogOf, codes, hints, kinds, release, scene, toCustomer } from "../../scene.ts";
import { REMINDER, TRIAGE } from "../../workflows.ts";

const triage = catalogOf(release({ triage: TRIAGE, reminder: REMINDER }));

/** A conversation in which the menu was just shown. */
function atMenu(channel = "chat") {
  const play = scene(triage, { channel });
  play.writes("hello");
  return play;
}

describe("a menu", () => {
  it("is shown with buttons if the channel has them, else with numbers, 0 for a person", () => {
    expect(
      atMenu("chat")
        .last.tells.flatMap((tell) => (isForCustomer(tell) ? tell.parts : []))
        .at(-1),
    ).toMatchObject({
      options: [{ n: 1, label: "An invoice" }, { n: 2 }, { n: 3 }, { n: 0 }],
    });
    expect(toCustomer(atMenu("text").last).join("\n")).toMatch(/1\) An invoice[\s\S]*2\) My parcel[\s\S]*0\)/);
  });

  it.each([
    ["a number", "1", "topic:billing"],
    ["a number word", "the first one", "topic:billing"],
    ["a label", "an invoice", "topic:billing"],
    ["an alias", "delivery", "topic:order"],
    ["a near-miss", "an invoce", "topic:billing"],
  ])("is answered by %s", (_, text, tag) => {
    const play = atMenu("text");
    play.writes(text);
    expect(play.state.tags).toEqual([tag]);
  });

  it("is answered by its button", () => {
    const play = atMenu();
    play.presses("order");
    expect(play.state.tags).toEqual(["topic:order"]);
    expect(codes(play.last)).toContain("choice.pressed");
  });

  it.each(["0", "agent"])("hands over to a person at %j", (text) => {
    const play = atMenu("text");
    play.writes(text);
    expect(play.state.case).toMatchObject({
      held: true,
      queue: "front-line",
      reason: "The customer asked for a person",
    });
    expect(kinds(play.last)).toEqual(["notice"]);
    expect(play.state).toMatchObject({ runs: [], prompt: null });
  });

  it("asks again after a miss and hands over to a person after the second", () => {
    const play = atMenu("text");
    expect(toCustomer(play.writes("my cat is on fire"))).toHaveLength(1);
    expect(play.state.case).toBeNull();
    play.writes("no, really, a cat");
    expect(play.state.case).toMatchObject({ held: true, reason: "The customer's answers were not understood" });
  });

  it("refuses a button of a question that is no longer open", () => {
    const play = atMenu();
    const old = play.state.prompt?.id;
    play.presses("order");
    const run = play.state.runs;
    play.presses("billing", old);
    expect(codes(play.last)).toContain("choice.again");
    expect(toCustomer(play.last)).toEqual(["That question has been answered already."]);
    play.presses("billing", "one from long ago");
    expect(codes(play.last)).toContain("choice.stale");
    expect(toCustomer(play.last)).toEqual(["That question is no longer open."]);
    expect(play.state.runs).toEqual(run);
  });

  it("takes only the first press", () => {
    const play = atMenu();
    const prompt = play.state.prompt?.id;
    play.presses("billing", prompt);
    const before = play.state.case;
    play.presses("order", prompt);
    expect(play.state.case?.queue).toBe(before?.queue);
    expect(play.state.tags).toEqual(["topic:billing"]);
  });
});

const atForm = () => {
  const play = atMenu();
  play.presses("order");
  return play;
};

describe("a form", () => {
  it("takes a number as the answer, not as an option", () => {
    const play = atForm();
    play.writes("1234");
    expect(play.last.asks).toMatchObject([{ request: { connector: "crm", input: { key: "1234" } } }]);
  });

  it("gives up after its retries", () => {
    const play = atForm();
    play.writes("what");
    play.writes("is this");
    expect(play.state.case).toMatchObject({ held: true });
  });
});

const atCall = () => {
  const play = atMenu();
  play.presses("order");
  play.writes("1234");
  return play;
};

describe("a call", () => {
  it("goes on with its answer", () => {
    const play = atCall();
    expect(toCustomer(play.answers({ ok: true, value: { tier: "pro" } }))).toEqual(["Order 1234 is on its way."]);
    expect(play.state.runs).toEqual([]);
  });

  it("goes on with on_error when it failed", () => {
    const play = atCall();
    play.answers({ ok: false, error: { reason: "timeout", message: "Late.", retryable: false } });
    expect(toCustomer(play.last)).toEqual(["I could not look that up.", "Order 1234 is on its way."]);
  });

  // T6
  it("is not disturbed by the customer's messages meanwhile", () => {
    const play = atCall();
    const { runs } = play.state;
    play.writes("are you there?");
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.state.runs).toEqual(runs);
    expect(toCustomer(play.answers({ ok: true, value: {} }))[0]).toBe("Order 1234 is on its way.");
  });

  // T5
  it("has one answer: a repeated, a late or a foreign one changes nothing", () => {
    const play = atCall();
    const ask = play.last.asks[0]?.id ?? "";
    play.answers({ ok: true, value: {} }, ask);
    for (const late of [ask, "e1.foreign"]) {
      const before = play.state;
      play.answers({ ok: true, value: { tier: "other" } }, late);
      expect(play.state).toEqual(before);
      expect(play.last).toMatchObject({ tells: [], asks: [], lines: [{ code: "answer.late" }] });
    }
  });

  it("whose answer comes after people took over changes nothing", () => {
    const play = atCall();
    const ask = play.last.asks[0]?.id ?? "";
    play.does({ id: "alex", name: "Alex" }, { kind: "take_over" });
    const before = play.state;
    play.answers({ ok: true, value: {} }, ask);
    expect(play.state).toEqual(before);
    expect(toCustomer(play.last)).toEqual([]);
  });
});

describe("silence", () => {
  it("starts the idle workflow after its time", () => {
    const play = atMenu();
    expect(play.last.alarms).toEqual([{ id: "idle:reminder", dueAt: new Date("2026-11-20T10:30:10Z") }]);
    play.after(30);
    expect(toCustomer(play.rings("idle:reminder"))).toEqual(["Are you still there?"]);
  });

  it("begins again with each message, so an earlier alarm starts nothing", () => {
    const play = atMenu();
    play.after(29).writes("2");
    expect(play.last.alarms).toMatchObject([{ id: "idle:reminder", dueAt: new Date("2026-11-20T10:59:20Z") }]);
    play.after(1);
    expect(toCustomer(play.rings("idle:reminder"))).toEqual([]);
    expect(codes(play.last)).toEqual(["idle.passed"]);
  });

  it("starts nothing while people hold the conversation", () => {
    const play = atMenu();
    play.presses("billing");
    expect(toCustomer(play.after(60).rings("idle:reminder"))).toEqual([]);
  });

  it("cancels its alarms once the conversation is closed", () => {
    const play = atMenu();
    play.presses("access");
    expect(play.last.cancelled).toContain("idle:reminder");
    expect(play.last.alarms).toEqual([]);
  });
});

describe("a closed conversation", () => {
  it.each(["Thanks!", "ok, thanks", "Vielen Dank", "👍 great"])("stays closed after %j", (text) => {
    const play = atMenu();
    play.presses("access");
    const before = play.state;
    play.writes(text);
    expect(play.state).toEqual({ ...before, lastMessage: before.lastMessage + 1 });
    expect(codes(play.last)).toEqual(["conversation.thanks"]);
  });

  it("returns to the bot when the bot had served it", () => {
    const play = atMenu();
    play.presses("access");
    expect(play.state).toMatchObject({ phase: "closed", resolution: "solved by bot" });
    play.writes("it happened again");
    expect(play.state).toMatchObject({ phase: "open", resolution: null, closedAt: null, case: null });
    expect(toCustomer(play.last)).toContain("Hello, this is Acme.");
  });
});

const sayWorkflow = (on: string, more = "", status = "live") =>
  `title: W\nstatus: ${status}\non: ${on}\n${more}steps: [{ say: taken }]\n`;

describe("the workflow that takes a message", () => {
  it.each([
    ["a live workflow", sayWorkflow("conversation.opened"), ["taken"]],
    ["no draft", sayWorkflow("conversation.opened", "", "draft"), []],
    ["none of another channel", sayWorkflow("conversation.opened", "channels: [text]\n"), []],
    ["none with a false condition", sayWorkflow("conversation.opened", "if: contact.blocked\n"), []],
    ["none with another trigger", sayWorkflow("conversation.reopened"), []],
  ])("is %s", (_, file, said) => {
    const play = scene(catalogOf(release({ only: file })));
    play.writes("hello");
    const own = toCustomer(play.last).filter((text) => text === "taken");
    expect(own).toEqual(said);
    // I7: a message that no workflow takes goes to people.
    expect(play.state.case?.held ?? false).toBe(said.length === 0);
  });

  it("is never a draft in the background or by hand", () => {
    const draft = (on: string) => sayWorkflow(on, "", "draft");
    const play = scene(
      catalogOf(
        release({
          a: sayWorkflow("conversation.opened"),
          b: draft("manual"),
          c: draft("{ conversation.idle: { for: 1m } }"),
        }),
      ),
    );
    play.writes("hello");
    expect(play.last.alarms).toEqual([]);
    expect(toCustomer(play.after(5).rings("idle:c"))).toEqual([]);
    play.does({ id: "alex", name: "Alex" }, { kind: "run", workflow: "b" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([["alex", "There is no workflow “b” to start by hand. There are: none."]]);
  });
});
