import { beforeEach, describe, expect, it } from "vitest";
import type { Advanced, RunInput } from "../../../src/workflow/run.ts";
import { chose, type Draft, deeds, going, inner, option, said, texts, the, told, wrote } from "../build.ts";
import { begin, done, menu, tell } from "../walked.ts";

describe("ask without options", () => {
  const open: Draft = { kind: "ask", text: texts("What is your name?"), save: "name", giveUpAfterMs: 9_000 };
  const hello: Draft = { kind: "say", text: texts("Hello {{ name }}.") };

  it.each(["Pat", "my name is Pat", "2 lamps, please", "  Pat ", "x".repeat(4_000)])("takes any text: %j", (text) => {
    const after = tell(begin([open, hello]), wrote(text));
    expect(said(after)).toEqual([`Hello ${text.trim()}.`]);
    expect(after.effects.filter(({ kind }) => kind === "cancel_alarm")).toHaveLength(1);
    expect(told(after)).toContain("The customer answered in their own words");
  });

  it.each(["", "x".repeat(4_001)])("asks once more for %j, then a person takes over", (text) => {
    const missed = tell(begin([open, hello]), wrote(text));
    expect(the(missed, "prompt").text).toContain("Please answer in a few words (4,000 characters at most).");
    expect(the(tell(missed, wrote(text)), "handoff")).toMatchObject({ escalation: "stuck" });
    expect(said(tell(missed, wrote("Pat")))).toEqual(["Hello Pat."]);
  });

  it("still brings a person who is asked for", () => {
    expect(the(tell(begin([open, hello]), chose("person")), "handoff")).toMatchObject({ escalation: "asked" });
  });
});

describe("ask", () => {
  it("shows the options numbered in order, 0 a person, and waits", () => {
    const asked = begin([menu, done]);
    expect(the(asked, "prompt")).toMatchObject({
      text: "What can we help you with?",
      field: null,
      again: false,
      options: [
        { n: 1, id: "billing", label: "An invoice" },
        { n: 2, id: "order", label: "An order" },
        { n: 0, id: "person", label: "Talk to a person" },
      ],
    });
    const { prompt } = the(asked, "prompt");
    expect(going(asked).waits).toMatchObject([{ kind: "choice", prompt, misses: 0 }]);
    expect(told(asked)).toContain("Asked “What can we help you with?” with 2 options and a person");
  });

  it("names no numbers where the channel shows buttons", () => {
    const asked = begin([menu], { buttons: true });
    const reply = { kind: "reply", text: "?", choice: { option: null, why: "free_text" }, attachments: [] } as const;
    const missed = tell(asked, reply, { buttons: true });
    expect(the(missed, "prompt").text).toMatch(/^Sorry, I did not understand that\. Please choose one of these\./);
  });

  it("speaks German to a German customer", () => {
    const { text, options } = the(begin([menu], { languages: ["de"] }), "prompt");
    expect([text, ...options.map(({ label }) => label)]).toEqual([
      "Worum geht es?",
      "Eine Rechnung",
      "An order",
      "Mit einem Menschen sprechen",
    ]);
  });

  it("offers no person where the file says so", () => {
    const asked = begin([{ ...menu, person: false }]);
    expect(the(asked, "prompt").options.map(({ n }) => n)).toEqual([1, 2]);
    const out: RunInput = { kind: "reply", text: "9", choice: { option: null, why: "out_of_range" }, attachments: [] };
    expect(the(tell(asked, out), "prompt").text).toContain("a number from 1 to 2");
  });

  it("saves the choice and goes on", () => {
    const after = tell(begin([menu, done]), chose("order"));
    expect(said(after)).toEqual(["Topic order, choice order"]);
    expect(told(after)).toContain("The customer chose “An order”");
  });

  it("runs the option's own steps before its successor", () => {
    const own = {
      ...menu,
      options: [option("billing", "An invoice", [{ kind: "say", text: texts("own") }]), option("order", "An order")],
    };
    expect(said(tell(begin([own, done]), chose("billing")))).toEqual(["own", "Topic billing, choice billing"]);
    expect(said(tell(begin([own, done]), chose("order")))).toEqual(["Topic order, choice order"]);
  });

  it("does not ask what is known, and still takes the way of the known option", () => {
    const own = { ...menu, options: [option("billing", "An invoice", [{ kind: "say", text: texts("own") }])] };
    const result = begin([own, done], {}, { topic: "billing" });
    expect(said(result)).toEqual(["own", "Topic billing, choice billing"]);
    expect(told(result)).toContain("Did not ask “What can we help you with?”, because topic was known already");
  });

  it.each([
    ["en", "Did you mean “An invoice” or “An order”?\n\nWhat can we help you with?"],
    ["de", "Meinten Sie „Eine Rechnung“ oder „An order“?\n\nWorum geht es?"],
  ])("names the two options that an answer may have meant, in %s", (language, words) => {
    const three = { ...menu, options: [option("other", "Another"), ...(menu.options ?? [])] };
    const asked = begin([three], { languages: [language] });
    const choice = { option: null, why: "opposites", candidates: ["billing", "order"] } as const;
    const missed = tell(asked, { kind: "reply", text: "?", choice, attachments: [] }, { languages: [language] });
    const before = the(asked, "prompt");
    expect(before.named).toBeNull();
    expect(the(missed, "prompt")).toMatchObject({ text: words, named: ["billing", "order", "person"] });
    expect(the(missed, "prompt")).toMatchObject({ prompt: before.prompt, options: before.options });
    expect(told(missed)).toEqual([
      "No option was found in the answer (it could mean an option or its contrary), so asked once more",
    ]);
    expect(said(tell(missed, chose("order")))).toEqual([]);
  });

  it("hands over to a person who is asked for", () => {
    const after = tell(begin([{ ...menu, remindAfterMs: 1_000, giveUpAfterMs: 9_000 }]), chose("person"));
    expect(the(after, "handoff")).toMatchObject({ queue: null, escalation: "asked" });
    expect(after.effects.filter(({ kind }) => kind === "cancel_alarm")).toHaveLength(2);
    expect(after.run).toBeNull();
  });

  it.each([
    ["out_of_range", "en", "Please answer with a number from 0 to 2."],
    ["out_of_range", "de", "Bitte antworten Sie mit einer Zahl von 0 bis 2."],
    ["several_numbers", "en", "That was more than one. Please answer with a number from 0 to 2."],
    ["free_text", "en", "Sorry, I did not understand that. Please answer with a number from 0 to 2."],
    ["ambiguous_label", "en", "That could mean more than one of these. Please answer with a number from 0 to 2."],
  ] as const)("says why after a first miss (%s, %s)", (why, language, sentence) => {
    const asked = begin([menu], { languages: [language] });
    const missed = tell(
      asked,
      { kind: "reply", text: "?", choice: { option: null, why }, attachments: [] },
      { languages: [language] },
    );
    const before = the(asked, "prompt");
    expect(the(missed, "prompt")).toMatchObject({ prompt: before.prompt, options: before.options, again: true });
    expect(the(missed, "prompt").text).toBe(`${sentence}\n\n${before.text}`);
  });

  it("hands over after the second miss, never a loop", () => {
    const twice = tell(tell(begin([menu]), wrote("hm")), wrote("hm hm"), { idPrefix: "e3" });
    expect(the(twice, "handoff")).toMatchObject({ queue: null, escalation: "stuck" });
    expect(twice.run).toBeNull();
  });

  it("takes no near miss where free text is refused", () => {
    const near: RunInput = {
      kind: "reply",
      text: "oder",
      choice: { option: "order", via: "near_miss" },
      attachments: [],
    };
    expect(the(tell(begin([{ ...menu, freeText: "refuse" }]), near), "prompt").again).toBe(true);
    expect(tell(begin([menu]), near).run).toBeNull();
  });

  describe("with nobody answering", () => {
    const timed: Draft = { ...menu, remindAfterMs: 600_000, giveUpAfterMs: 86_400_000 };
    let asked: Advanced;
    let prompt: string;
    beforeEach(() => {
      asked = begin([timed, done]);
      prompt = the(asked, "prompt").prompt;
    });
    const ring = (before: Advanced, name: string) => tell(before, { kind: "alarm", alarm: `${prompt}:${name}` });

    it("sets both alarms, and cancels both on an answer", () => {
      expect(asked.effects.filter(({ kind }) => kind === "alarm")).toEqual([
        { kind: "alarm", alarm: `${prompt}:remind`, afterMs: 600_000 },
        { kind: "alarm", alarm: `${prompt}:giveup`, afterMs: 86_400_000 },
      ]);
      expect(deeds(tell(asked, chose("order"))).slice(0, 2)).toEqual([
        { kind: "cancel_alarm", alarm: `${prompt}:remind` },
        { kind: "cancel_alarm", alarm: `${prompt}:giveup` },
      ]);
    });

    it("reminds once", () => {
      const reminded = ring(asked, "remind");
      expect(the(reminded, "prompt")).toMatchObject({ prompt, again: true });
      expect(the(reminded, "prompt").text).toContain("We are still waiting for your answer.");
      const again = ring(reminded, "remind");
      expect(again.effects).toEqual([]);
      expect(again.run).toEqual(reminded.run);
    });

    it("gives up", () => {
      const ended = ring(asked, "giveup");
      expect(ended.run).toBeNull();
      expect(deeds(ended)).toEqual([{ kind: "cancel_alarm", alarm: `${prompt}:remind` }]);
      expect(told(ended)).toEqual(["The customer did not answer in time, so the workflow ended"]);
    });

    it("takes the on_give_up steps, then goes on", () => {
      const quiet = begin([
        { ...timed, onGiveUp: inner([{ kind: "say", text: texts("bye") }]) },
        { kind: "say", text: texts("after") },
      ]);
      expect(said(ring(quiet, "giveup"))).toEqual(["bye", "after"]);
    });
  });
});
