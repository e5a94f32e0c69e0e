/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { beforeEach, describe, expect, it } from "vitest";
import { advance, MAX_STEPS_AT_ONCE, start } from "../../src/workflow/advance.ts";
import type { Workflow } from "../../src/workflow/definition.ts";
import type { Advanced, Facts, RunInput } from "../../src/workflow/run.ts";
import {
  cel,
  chose,
  type Draft,
  deeds,
  facts,
  going,
  inner,
  liquid,
  literal,
  option,
  said,
  template,
  texts,
  the,
  told,
  workflow,
  wrote,
} from "./build.ts";

const others = new Map<string, Workflow>();
const outside = (change: Partial<Facts> = {}) => ({
  facts: facts(change),
  find: (id: string) => others.get(id) ?? null,
});

function begin(drafts: readonly Draft[], change: Partial<Facts> = {}, values: Record<string, unknown> = {}): Advanced {
  const made = workflow("greet", drafts);
  others.set("greet", made);
  return start(made, { id: "e1.0", release: 4, trigger: "conversation.opened", depth: 0, values, ...outside(change) });
}

const tell = (before: Advanced, input: RunInput, change: Partial<Facts> = {}): Advanced =>
  advance(going(before), input, outside({ idPrefix: "e2", ...change }));

const answer = (
  before: Advanced,
  result: Extract<RunInput, { kind: "answer" }>["result"],
  change: Partial<Facts> = {},
) => tell(before, { kind: "answer", ask: the(before, "call").ask, result }, change);

const menu: Draft = {
  kind: "ask",
  text: texts({ en: "What can we help you with?", de: "Worum geht es?" }),
  save: "topic",
  options: [option("billing", { en: "An invoice", de: "Eine Rechnung" }), option("order", "An order")],
};
const say = (one: string): Draft => ({ kind: "say", text: texts(one) });
const done: Draft = { kind: "say", text: texts("Topic {{ topic }}, choice {{ choice }}") };

const reply = (text: string): RunInput => ({
  kind: "reply",
  text,
  choice: { option: null, why: "free_text" },
  attachments: [],
});

describe("ask without options", () => {
  const open: Draft = { kind: "ask", text: texts("What is your name?"), save: "name", giveUpAfterMs: 9_000 };
  const hello: Draft = { kind: "say", text: texts("Hello {{ name }}.") };

  it.each(["Pat", "my name is Pat", "2 lamps, please", "  Pat ", "x".repeat(4_000)])("takes any text: %j", (text) => {
    const after = tell(begin([open, hello]), reply(text));
    expect(said(after)).toEqual([`Hello ${text.trim()}.`]);
    expect(after.effects.filter(({ kind }) => kind === "cancel_alarm")).toHaveLength(1);
    expect(told(after)).toContain("The customer answered in their own words");
  });

  it.each(["", "x".repeat(4_001)])("asks once more for %j, then a person takes over", (text) => {
    const missed = tell(begin([open, hello]), reply(text));
    expect(the(missed, "prompt").text).toContain("Please answer in a few words (4,000 characters at most).");
    expect(the(tell(missed, reply(text)), "handoff")).toMatchObject({ escalation: "stuck" });
    expect(said(tell(missed, reply("Pat")))).toEqual(["Hello Pat."]);
  });

  it("still brings a person who is asked for", () => {
    expect(the(tell(begin([open, hello]), chose("person")), "handoff")).toMatchObject({ escalation: "asked" });
  });
});

describe("say", () => {
  const both = { en: "Hi {{ contact.first_name }}", de: "Hallo {{ contact.first_name }}" };
  it.each([
    [["en"], "Hi Dana"],
    [["de"], "Hallo Dana"],
    [["de-AT", "en"], "Hallo Dana"],
    [["fr", "de"], "Hallo Dana"],
    [["fr"], "Hi Dana"],
  ])("speaks the first language of %j it has", (languages, words) => {
    expect(said(begin([{ kind: "say", text: texts(both) }], { languages }))).toEqual([words]);
  });

  it("prefers a text without a language to a foreign one", () => {
    expect(said(begin([{ kind: "say", text: texts({ de: "Hallo", "": "Hey" }) }]))).toEqual(["Hey"]);
  });

  it("takes the variant of the channel", () => {
    const step: Draft = { kind: "say", text: texts("long"), perChannel: { sms: texts("short") } };
    expect(said(begin([step]))).toEqual(["short"]);
    const slack = { ...facts().conversation, channel: "slack" };
    expect(said(begin([step], { conversation: slack }))).toEqual(["long"]);
    const odd = { ...facts().conversation, channel: "constructor" };
    expect(said(begin([step], { conversation: odd }))).toEqual(["long"]);
  });

  it("says nothing where the text is empty, and ends", () => {
    const result = begin([{ kind: "say", text: texts("{{ nothing }}") }]);
    expect(deeds(result)).toEqual([]);
    expect(result.run).toBeNull();
    expect(told(result)).toEqual([
      "Started the workflow “greet” on conversation.opened",
      "Said nothing, because the text was empty",
      "The workflow ended",
    ]);
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
    expect(going(asked).waiting).toMatchObject({ kind: "choice", prompt: the(asked, "prompt").prompt, misses: 0 });
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

describe("conditions", () => {
  const rich: Draft = {
    kind: "if",
    condition: cel('account.tier == "enterprise"'),
    then: inner([{ kind: "say", text: texts("yes") }]),
    else: inner([{ kind: "say", text: texts("no") }]),
  };
  it.each([
    [
      { account: { tier: "enterprise" } },
      "yes",
      'The condition account.tier == "enterprise" was true, so went on with its steps',
    ],
    [
      { account: { tier: "free" } },
      "no",
      'The condition account.tier == "enterprise" was false, so took the other branch',
    ],
    [{}, "no", 'The condition account.tier == "enterprise" was unknown, so took the other branch'],
  ])("if with %j", (values, words, line) => {
    const result = begin([rich, { kind: "say", text: texts("end") }], {}, values);
    expect(said(result)).toEqual([words, "end"]);
    expect(told(result)).toContain(line);
  });

  it.each([
    ["billing", ["b"]],
    ["order", ["o1", "o2"]],
    ["toString", ["else"]],
    [3, ["three"]],
    [null, ["else"]],
  ])("switch on %j", (topic, words) => {
    const cases = { billing: inner([say("b")]), order: inner([say("o1"), say("o2")]), "3": inner([say("three")]) };
    const step: Draft = { kind: "switch", value: cel("topic"), cases, else: inner([say("else")]) };
    expect(said(begin([step], {}, { topic }))).toEqual(words);
  });

  it("skips any step whose if: does not hold, and says so", () => {
    const result = begin([
      { kind: "handoff", queue: "vip", id: "vip", if: cel("contact.blocked") },
      { kind: "say", text: texts("on") },
    ]);
    expect(said(result)).toEqual(["on"]);
    expect(told(result)).toContain("Skipped “vip”, because the condition contact.blocked was false");
  });

  it("skips a step where a value of its if: is missing", () => {
    const result = begin([{ ...say("secret"), if: cel('account.tier != "free"') }, say("on")]);
    expect(said(result)).toEqual(["on"]);
    expect(told(result)).toContain('Skipped a “say” step, because the condition account.tier != "free" was unknown');
  });

  it("lets no value stand over what the event says", () => {
    const result = begin(
      [{ kind: "say", text: texts("{{ contact.first_name }}") }],
      {},
      { contact: { first_name: "Mallory" } },
    );
    expect(said(result)).toEqual(["Dana"]);
    expect(told(result)).toContain("contact can't be set: contact is not the workflow's own. Choose another name.");
  });
});

describe("set, tag and note", () => {
  it("sets dotted paths in order and merges maps", () => {
    const steps: Draft[] = [
      { kind: "set", values: { "issue.category": literal("billing"), "issue.urgency": literal(2) } },
      {
        kind: "set",
        values: {
          issue: { kind: "map", entries: { who: template("{{ contact.first_name }}-{{ issue.category }}") } },
        },
      },
      { kind: "wait", forMs: 1_000 },
    ];
    expect(going(begin(steps)).values).toEqual({ issue: { category: "billing", urgency: 2, who: "Dana-billing" } });
  });

  it.each(["__proto__.x", "a.constructor.prototype", "a.__proto__", "contact.name", "now", "a..b", ""])(
    "refuses to set %j and hands over",
    (path) => {
      const result = begin([{ kind: "set", values: { [path]: literal(1) } }]);
      expect(the(result, "handoff").escalation).toBe("failure");
      expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    },
  );

  it("does not lose a single value under a path", () => {
    const result = begin([{ kind: "set", values: { "topic.deep": literal(1) } }], {}, { topic: "billing" });
    expect(told(result)).toContain("topic.deep can't be set: topic is a single value, not a map.");
  });

  it("keeps no more than the state can hold", () => {
    const result = begin([{ kind: "set", values: { big: literal("x".repeat(60_000)) } }]);
    expect(the(result, "handoff").escalation).toBe("failure");
  });

  it("tags and notes", () => {
    const result = begin(
      [
        { kind: "tag", add: [liquid("topic:{{ topic }}"), liquid("{{ none }}"), liquid("vip")] },
        { kind: "note", text: liquid("From {{ conversation.link }}") },
      ],
      {},
      { topic: "billing" },
    );
    expect(deeds(result)).toEqual([
      { kind: "tag", tags: ["topic:billing", "vip"] },
      { kind: "note", text: "From http://desk.example/3" },
    ]);
  });
});

describe("use", () => {
  const look: Draft = {
    kind: "use",
    connector: "crm",
    operation: "get_account",
    with: { key: template("{{ contact.email }}") },
    save: "account",
    timeoutMs: 5_000,
    retry: { times: 2, waitMs: 2_000 },
  };
  const after: Draft = { kind: "say", text: texts("tier {{ account.tier }}") };
  const down = { ok: false, error: { reason: "timeout", message: "No answer within 5 s.", retryable: true } } as const;
  const refused = {
    ok: false,
    error: { reason: "ambiguous", message: "It may have happened.", retryable: false },
  } as const;

  it("calls with a key and saves the answer", () => {
    const called = begin([look, after]);
    expect(the(called, "call")).toMatchObject({
      connector: "crm",
      operation: "get_account",
      input: { key: "dana@acme.example" },
      timeoutMs: 5_000,
    });
    expect(said(answer(called, { ok: true, value: { tier: "pro" } }))).toEqual(["tier pro"]);
  });

  it("tries again with the same key, as often as the file says, then hands over", () => {
    let now = begin([look, after]);
    const keys = [the(now, "call").key];
    const asks = [the(now, "call").ask];
    for (const event of ["e2", "e4"]) {
      const failed = answer(now, down, { idPrefix: event });
      expect(the(failed, "alarm").afterMs).toBe(2_000);
      now = tell(failed, { kind: "alarm", alarm: the(failed, "alarm").alarm }, { idPrefix: `${event}9` });
      keys.push(the(now, "call").key);
      asks.push(the(now, "call").ask);
    }
    expect(new Set(keys).size).toBe(1);
    expect(new Set(asks).size).toBe(3);
    const over = answer(now, down, { idPrefix: "e6" });
    expect(the(over, "handoff").escalation).toBe("failure");
    expect(told(over)[0]).toBe("crm.get_account failed: No answer within 5 s.");
  });

  it("takes another key when the step is visited again", () => {
    const twice = begin([
      { ...look, id: "look" },
      { kind: "goto", target: "look" },
    ]);
    expect(the(answer(twice, { ok: true, value: {} }), "call").key).not.toBe(the(twice, "call").key);
  });

  it("never repeats what may have happened", () => {
    expect(the(answer(begin([look]), refused), "handoff").escalation).toBe("failure");
  });

  it("goes to on_error and on from there", () => {
    const caught = { ...look, retry: null, onError: inner([{ kind: "say", text: texts("sorry") }]) };
    expect(said(answer(begin([caught, after]), down))).toEqual(["sorry", "tier"]);
  });

  it("shows on_error what went wrong", () => {
    const gone = { reason: "not_found", name: "no_account", message: "There is none.", retryable: false } as const;
    const caught = { ...look, onError: inner([say("{{ error.reason }} {{ error.name }}: {{ error.says }}")]) };
    expect(said(answer(begin([caught]), { ok: false, error: gone }))).toEqual([
      "not_found no_account: crm.get_account failed: There is none.",
    ]);
  });

  it("lets a step around it catch the failure, but not its own on_error", () => {
    const inside = { ...look, retry: null, onError: inner([{ kind: "set", values: { now: literal(1) } }]) };
    const around: Draft = {
      kind: "if",
      condition: cel("true"),
      then: inner([inside]),
      onError: inner([{ kind: "say", text: texts("caught") }]),
    };
    expect(said(answer(begin([around]), down))).toEqual(["caught"]);
  });

  it("keeps quiet about answers it does not wait for", () => {
    const called = begin([look]);
    const foreign = tell(called, { kind: "answer", ask: "e9.other", result: { ok: true, value: 1 } });
    expect(foreign).toEqual({ run: called.run, effects: [] });
    expect(tell(called, { kind: "alarm", alarm: "nobody's" })).toEqual({ run: called.run, effects: [] });
    expect(tell(called, wrote("hello?"))).toEqual({
      run: called.run,
      effects: [
        {
          kind: "journal",
          code: "reply.unread",
          message: "The customer wrote while the workflow was waiting for something else",
        },
      ],
    });
  });
});

describe("workflow", () => {
  it("goes into another one with values, and returns", () => {
    others.set("child", workflow("child", [{ kind: "say", text: texts("child of {{ who }}") }, menu]));
    const inside = begin([
      { kind: "workflow", workflow: "child", with: { who: template("{{ contact.first_name }}") } },
      done,
    ]);
    expect(said(inside)).toEqual(["child of Dana"]);
    expect(going(inside).frames).toHaveLength(2);
    expect(said(tell(inside, chose("order")))).toEqual(["Topic order, choice order"]);
  });

  it("stops workflows that call one another in a circle", () => {
    const circle = begin([{ kind: "workflow", workflow: "greet" }]);
    expect(told(circle)).toContain("Workflows called one another more than 10 deep.");
    expect(the(circle, "handoff").escalation).toBe("failure");
  });

  it("lets the caller's on_error take a failure inside", () => {
    others.set(
      "child",
      workflow("child", [
        { kind: "workflow", workflow: "gone" },
        { kind: "say", text: texts("never") },
      ]),
    );
    const result = begin([
      { kind: "workflow", workflow: "child", onError: inner([{ kind: "say", text: texts("caught") }]) },
      { kind: "say", text: texts("on") },
    ]);
    expect(said(result)).toEqual(["caught", "on"]);
  });

  it("ends whole with a handoff inside", () => {
    others.set(
      "child",
      workflow("child", [
        {
          kind: "handoff",
          queue: "vip",
          priority: "high",
          say: texts("One moment."),
          summary: liquid("{{ message.text }}"),
        },
      ]),
    );
    const result = begin([
      { kind: "workflow", workflow: "child" },
      { kind: "say", text: texts("never") },
    ]);
    expect(deeds(result)).toEqual([
      {
        kind: "handoff",
        queue: "vip",
        priority: "high",
        say: "One moment.",
        summary: "hello",
        escalation: "policy",
        known: {},
      },
    ]);
    expect(result.run).toBeNull();
  });
});

describe("wait, close, goto and stop", () => {
  const after: Draft = { kind: "say", text: texts("later") };
  it.each([true, false])("waits; a reply ends the wait: %s", (unlessReplied) => {
    const waiting = begin([{ kind: "wait", forMs: 60_000, unlessReplied }, after]);
    const { alarm } = the(waiting, "alarm");
    expect(said(tell(waiting, { kind: "alarm", alarm }))).toEqual(["later"]);
    const replied = tell(waiting, wrote("hi"));
    expect(said(replied)).toEqual(unlessReplied ? ["later"] : []);
    expect(deeds(replied).some(({ kind }) => kind === "cancel_alarm")).toBe(unlessReplied);
  });

  it("waits for its own alarm only", () => {
    const waiting = begin([{ kind: "wait", forMs: 60_000 }, after]);
    expect(tell(waiting, { kind: "alarm", alarm: "e9.other" })).toEqual({ run: waiting.run, effects: [] });
  });

  it("closes and stops", () => {
    expect(deeds(begin([{ kind: "close", say: texts("Bye"), resolution: "abandoned" }]))).toEqual([
      { kind: "close", say: "Bye", resolution: "abandoned" },
    ]);
    expect(deeds(begin([{ kind: "stop" }]))).toEqual([]);
  });

  it("asks again where a goto leads back to the question", () => {
    const back = { ...menu, id: "menu", options: [option("again", "Again", [{ kind: "goto", target: "menu" }])] };
    const twice = tell(begin([back]), chose("again"));
    expect(the(twice, "prompt").text).toBe("What can we help you with?");
  });

  it("stops a loop of gotos without flooding the customer", () => {
    const loop = begin([
      { kind: "say", id: "top", text: texts("spam") },
      { kind: "goto", target: "top" },
    ]);
    expect(deeds(loop)).toMatchObject([{ kind: "handoff", escalation: "failure" }]);
    expect(told(loop).at(-1)).toBe(
      `Took ${MAX_STEPS_AT_ONCE} steps without waiting, so it was stopped as a loop; held back 250 texts and notes`,
    );
  });

  it("stops a loop that waits for no time at all, in the end", () => {
    let now = begin([
      { kind: "wait", id: "top", forMs: 0 },
      { kind: "goto", target: "top" },
    ]);
    let events = 0;
    while (now.run !== null)
      now = tell(now, { kind: "alarm", alarm: the(now, "alarm").alarm }, { idPrefix: `e${++events}` });
    expect(the(now, "handoff").escalation).toBe("failure");
    expect(events).toBeLessThanOrEqual(5_000);
  });
});

describe("surprises", () => {
  it("hands a run whose file is gone to a person", () => {
    const asked = begin([menu]);
    const lost = advance(going(asked), chose("order"), { facts: facts(), find: () => null });
    expect(the(lost, "handoff").escalation).toBe("failure");
    expect(lost.run).toBeNull();
  });
});

describe("an event whose texts and conditions cost too much", () => {
  const costly = "{% for a in (1..9999) %}{% for b in (1..9999) %}{% endfor %}{% endfor %}";

  it("goes to a person, and says which text it was; what was said before is said", () => {
    const run = begin([
      { kind: "say", text: texts("Hello") },
      { kind: "say", text: texts(`${costly}!`) },
      { kind: "say", text: texts("Never said") },
    ]);
    expect(run.run).toBeNull();
    expect(said(run)).toEqual(["Hello"]);
    expect(the(run, "handoff")).toMatchObject({ escalation: "failure" });
    const lines = run.effects.flatMap((one) => (one.kind === "journal" ? [one] : []));
    expect(lines.map(({ code }) => code)).toEqual(expect.arrayContaining(["text.fault", "run.budget"]));
    expect(lines.find(({ code }) => code === "text.fault")?.message).toContain("The text “{% for a in (1..9999)");
  });

  it("takes no branch of a condition that was given up", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => at);
    const condition = cel("many.all(a, many.all(b, a + b >= 0.0))");
    const then = inner([{ kind: "say", text: texts("then") }]);
    const run = begin(
      [{ kind: "if", condition, then, else: inner([{ kind: "say", text: texts("else") }]) }],
      {},
      { many },
    );
    expect([run.run, said(run)]).toEqual([null, []]);
    expect(the(run, "handoff")).toMatchObject({ escalation: "failure" });
    const line = run.effects.find((one) => one.kind === "journal" && one.code === "condition.fault");
    expect(line).toMatchObject({
      message: expect.stringContaining("many.all(a, many.all(b, a + b >= 0.0)) was given up"),
    });
  });
});
