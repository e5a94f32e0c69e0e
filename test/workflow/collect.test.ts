/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { describe, expect, it } from "vitest";
import { advance, start } from "../../src/workflow/advance.ts";
import type { Field, FieldType, Workflow } from "../../src/workflow/definition.ts";
import { readField } from "../../src/workflow/field.ts";
import type { Advanced, RunInput } from "../../src/workflow/run.ts";
import {
  cel,
  chose,
  type Draft,
  deeds,
  facts,
  field,
  going,
  inner,
  option,
  said,
  texts,
  the,
  told,
  workflow,
  wrote,
} from "./build.ts";

const files = new Map<string, Workflow>();
const outside = (idPrefix: string) => ({ facts: facts({ idPrefix }), find: (id: string) => files.get(id) ?? null });

function begin(drafts: readonly Draft[], values: Record<string, unknown> = {}): Advanced {
  const made = workflow("form", drafts);
  files.set("form", made);
  return start(made, { id: "e1.0", release: 1, trigger: "conversation.opened", depth: 0, values, ...outside("e1") });
}

let events = 1;
const tell = (before: Advanced, input: RunInput): Advanced => advance(going(before), input, outside(`e${++events}`));
const answerAll = (first: Advanced, ...answers: string[]): Advanced =>
  answers.reduce((now, one) => tell(now, wrote(one)), first);

const form = (fields: readonly Field[], rest: Partial<Extract<Draft, { kind: "collect" }>> = {}): Draft => ({
  kind: "collect",
  fields,
  save: "order",
  ...rest,
});
const show: Draft = { kind: "say", text: texts("{{ order.number }} / {{ order.mail }}") };
const two = [field("number", "id", { pattern: /AC-\d{4}/i }), field("mail", "email")];

describe("collect", () => {
  it("asks one field at a time and saves them together", () => {
    const first = begin([form(two), show]);
    expect(the(first, "prompt")).toMatchObject({ text: "Your number?", field: "id", options: [], again: false });
    const second = tell(first, wrote("ac-1234"));
    expect(the(second, "prompt")).toMatchObject({ text: "Your mail?", field: "email" });
    expect(the(second, "prompt").prompt).not.toBe(the(first, "prompt").prompt);
    expect(said(tell(second, wrote("it is dana@acme.example")))).toEqual(["ac-1234 / dana@acme.example"]);
  });

  it("saves at the top where the file names no place", () => {
    const steps: Draft[] = [form(two, { save: null }), { kind: "say", text: texts("{{ number }}") }];
    expect(said(answerAll(begin(steps), "AC-1234", "d@acme.example"))).toEqual(["AC-1234"]);
  });

  it("does not ask for what is known", () => {
    const known = begin([form(two), show], { order: { number: "AC-9999", note: "kept" } });
    expect(told(known)).toContain("Did not ask for number, because it was known already");
    const done = tell(known, wrote("d@acme.example"));
    expect(said(done)).toEqual(["AC-9999 / d@acme.example"]);
  });

  it("says why an answer does not fit, then hands over", () => {
    const first = begin([form([field("mail", "email", { retries: 2 })])]);
    const once = tell(first, wrote("no idea"));
    expect(the(once, "prompt")).toMatchObject({
      prompt: the(first, "prompt").prompt,
      text: "Please write one e-mail address, like name@example.com.\n\nYour mail?",
      again: true,
    });
    const thrice = answerAll(once, "still not", "no!");
    expect(the(thrice, "handoff").escalation).toBe("stuck");
    expect(thrice.run).toBeNull();
  });

  it("checks a value with the file's own condition and words", () => {
    const check = { check: cel("value >= 1 && value <= limit"), checkSay: texts("Between 1 and {{ limit }}, please.") };
    const first = begin([form([field("count", "number", check)]), { kind: "say", text: texts("{{ order.count }}") }], {
      limit: 5,
    });
    const refused = tell(first, wrote("7"));
    expect(the(refused, "prompt").text).toBe("Between 1 and 5, please.\n\nYour count?");
    expect(said(tell(refused, wrote("5")))).toEqual(["5"]);
  });

  it.each(["back", "Zurück", "go back."])("reopens the field before on %j", (word) => {
    const second = tell(begin([form([...two, field("why", "text")]), show]), wrote("AC-1234"));
    const third = tell(second, wrote("wrong@acme.example"));
    const reopened = tell(third, wrote(word));
    expect(the(reopened, "prompt").text).toBe("Your mail?");
    expect(told(reopened)).toContain("The customer went back to mail");
    expect(said(answerAll(reopened, "right@acme.example", "because"))).toEqual(["AC-1234 / right@acme.example"]);
  });

  it("says so where there is nothing to go back to", () => {
    expect(the(tell(begin([form(two)]), wrote("back")), "prompt").text).toContain("There is no earlier question");
  });

  it("shows the options of a choice, with a person", () => {
    const colour = field("colour", "choice", { options: [option("red", "Red"), option("blue", "Blue")] });
    const first = begin([form([colour]), { kind: "say", text: texts("{{ order.colour }}") }]);
    expect(the(first, "prompt").options.map(({ n, id }) => [n, id])).toEqual([
      [1, "red"],
      [2, "blue"],
      [0, "person"],
    ]);
    expect(said(tell(first, chose("blue")))).toEqual(["blue"]);
    expect(the(tell(first, chose("person")), "handoff").escalation).toBe("asked");
  });

  it("offers yes and no", () => {
    const first = begin([
      form([field("sure", "yes_no")]),
      { kind: "if", condition: cel("order.sure"), then: inner([{ kind: "stop" }]), else: inner([{ kind: "close" }]) },
    ]);
    expect(the(first, "prompt").options.map(({ n, label }) => [n, label])).toEqual([
      [1, "Yes"],
      [2, "No"],
    ]);
    expect(told(tell(first, chose("yes")))).toContain("Stopped the workflow");
    expect(the(tell(first, wrote("nope, thanks")), "close").resolution).toBe("solved by bot");
  });

  it("marks a sensitive field and keeps every value out of the journal", () => {
    const first = begin([form([field("iban", "text", { sensitive: true })])]);
    expect(the(first, "prompt").sensitive).toBe(true);
    expect(JSON.stringify(tell(first, wrote("DE00 1234")).effects)).not.toContain("1234");
  });

  it("gives up field by field", () => {
    const first = begin([form(two, { giveUpAfterMs: 1_000, onGiveUp: inner([{ kind: "say", text: texts("bye") }]) })]);
    const { alarm } = the(first, "alarm");
    const second = tell(first, wrote("AC-1234"));
    expect(the(second, "cancel_alarm").alarm).toBe(alarm);
    expect(tell(second, { kind: "alarm", alarm }).effects).toEqual([]);
    expect(deeds(tell(second, { kind: "alarm", alarm: the(second, "alarm").alarm }))).toEqual([
      { kind: "say", text: "bye" },
    ]);
  });
});

const read = (type: FieldType, text: string, language: string) => {
  const reply = { kind: "reply", text, choice: { option: null, why: "free_text" }, attachments: [] } as const;
  const value = readField(field("x", type), reply, { languages: [language], now: "2026-11-20T23:30:00+01:00" });
  return value.ok ? value.value : null;
};

describe("what an answer means", () => {
  it.each([
    ["number", "3", "en", 3],
    ["number", "I need 3, please.", "en", 3],
    ["number", "1,234.56", "en", 1234.56],
    ["number", "1.234,56", "de", 1234.56],
    ["number", "1.234,56", "en", 1234.56],
    ["number", "1'234.50", "de", 1234.5],
    ["number", "1.234", "de", 1234],
    ["number", "1.234", "en", 1.234],
    ["number", "1,234", "en", 1234],
    ["number", "1,234", "de", 1.234],
    ["number", "12,5", "en", 12.5],
    ["number", "0,125", "en", 0.125],
    ["number", "1,234,567", "en", 1234567],
    ["number", "-4", "en", -4],
    ["number", "-0", "en", 0],
    ["number", "3 or 4", "en", null],
    ["number", "24.12.2026", "de", null],
    ["number", "1,23,4", "en", null],
    ["number", "1.2.3,4,5", "de", null],
    ["number", "AC12", "en", null],
    ["number", "12345678901234567890", "en", null],
    ["number", "none", "en", null],
    ["money", "12,50 €", "de", { amount: 12.5, currency: "EUR" }],
    ["money", "$1,200", "en", { amount: 1200, currency: "USD" }],
    ["money", "1.200 Euro", "de", { amount: 1200, currency: "EUR" }],
    ["money", "20", "en", { amount: 20, currency: "" }],
    ["money", "20 EUR or 25 USD", "en", null],
    ["email", "Dana.Smith+1@mail.acme.example.", "en", "Dana.Smith+1@mail.acme.example"],
    ["email", "a@b.de or c@d.de", "en", null],
    ["email", "dana at acme", "en", null],
    ["phone", "+49 (0)170 123-45 67", "de", "+491701234567"],
    ["phone", "0049 170 1234567", "de", "+491701234567"],
    ["phone", "call 0170/1234567", "de", "01701234567"],
    ["phone", "+1 (555) 010-0123", "en", "+15550100123"],
    ["phone", "12345", "en", null],
    ["phone", "0170 1234567, 0171 7654321", "de", null],
    ["date", "2026-12-24", "en", "2026-12-24"],
    ["date", "am 24.12.2026", "de", "2026-12-24"],
    ["date", "1.2.27", "de", "2027-02-01"],
    ["date", "24. Dezember 2026", "de", "2026-12-24"],
    ["date", "3. März 2027", "de", "2027-03-03"],
    ["date", "December 24th, 2026", "en", "2026-12-24"],
    ["date", "24 Dec 2026", "en", "2026-12-24"],
    ["date", "12/24/2026", "en", "2026-12-24"],
    ["date", "24/12/2026", "en", "2026-12-24"],
    ["date", "03/04/2026", "en", null],
    ["date", "03/04/2026", "de", "2026-04-03"],
    ["date", "tomorrow", "en", "2026-11-21"],
    ["date", "übermorgen", "de", "2026-11-22"],
    ["date", "heute", "de", "2026-11-20"],
    ["date", "31.02.2026", "de", null],
    ["date", "99.01.2026", "de", null],
    ["date", "0.01.2026", "de", null],
    ["date", "01.13.2026", "de", null],
    ["date", "24.12.", "de", null],
    ["date", "soon", "en", null],
    ["datetime", "24.12.2026 um 14:30 Uhr", "de", "2026-12-24T14:30"],
    ["datetime", "24.12.2026, 9 Uhr", "de", "2026-12-24T09:00"],
    ["datetime", "Dec 24, 2026 2:05 pm", "en", "2026-12-24T14:05"],
    ["datetime", "tomorrow 12 am", "en", "2026-11-21T00:00"],
    ["datetime", "2026-12-24T08:15", "en", "2026-12-24T08:15"],
    ["datetime", "2026-12-24 25:00", "en", null],
    ["datetime", "2026-12-24", "en", null],
    ["yes_no", "Yes!", "en", true],
    ["yes_no", "ja gerne", "de", true],
    ["yes_no", "Nö", "de", false],
    ["yes_no", "no thanks", "en", false],
    ["yes_no", "maybe", "en", null],
    ["yes_no", "sure!", "en", true],
    ["yes_no", "ok, not really", "en", null],
    ["yes_no", "yes but I can't", "en", null],
    ["yes_no", "klar, aber nicht jetzt", "de", null],
    ["yes_no", "no problem", "en", null],
    ["yes_no", "no, that is right", "en", null],
    ["text", "  fine ", "en", "fine"],
    ["text", " ", "en", null],
    ["text", "x".repeat(4_001), "en", null],
    ["file", "here", "en", null],
    ["choice", "red", "en", null],
  ] as const)("%s: %j (%s)", (type, text, language, value) => {
    expect(read(type, text, language)).toEqual(value);
  });

  it("keeps a file by its reference", () => {
    const reply = {
      kind: "reply",
      text: "",
      choice: { option: null, why: "empty" },
      attachments: [{ ref: "f1", name: "a.pdf" }],
    } as const;
    expect(readField(field("x", "file"), reply, facts())).toEqual({ ok: true, value: [{ ref: "f1", name: "a.pdf" }] });
  });

  it.each([
    [/AC-\d{4}/, "AC-1234", true],
    [/AC-\d{4}/, "AC-12345", false],
    [/AC-\d{4}|B\d/, "xB1", false],
    [/ac-\d{4}/gi, "AC-1234", true],
  ])("an id must match %s as a whole: %j", (pattern, text, fits) => {
    const reply = { kind: "reply", text, choice: { option: null, why: "free_text" }, attachments: [] } as const;
    expect(readField(field("x", "id", { pattern }), reply, facts()).ok).toBe(fits);
  });
});
