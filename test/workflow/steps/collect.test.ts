/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { describe, expect, it } from "vitest";
import { advance, start } from "../../../src/workflow/advance.ts";
import type { Field, Workflow } from "../../../src/workflow/definition.ts";
import type { Advanced, RunInput } from "../../../src/workflow/run.ts";
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
} from "../build.ts";

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
