/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_DIAGNOSTICS } from "../../src/language/yaml-file.ts";
import type { Step } from "../../src/workflow/definition.ts";
import { lint } from "../../src/workflow/lint.ts";
import { parse } from "../../src/workflow/parse.ts";
import { LATER_STEPS, STEP_NAMES } from "../../src/workflow/step-kinds.ts";
import { LATER_TRIGGERS, TRIGGER_NAMES } from "../../src/workflow/triggers.ts";

const FIRST_CONTACT = `id: first-contact
title: Greet, find the topic, route
status: live                         # draft | live
on: [conversation.opened, conversation.reopened]
channels: [slack, sms]
if: "!contact.blocked"               # CEL, optional

steps:
  - say:                             # one text, or one per language
      en: 'Hi {{ contact.first_name | default: "there" }}, this is Acme support.'
      de: 'Hallo {{ contact.first_name | default: "" }}, hier ist der Acme-Support.'

  - ask: { en: What can we help you with?, de: Wobei können wir helfen? }
    save: topic
    options:
      billing: { en: A charge or an invoice, de: Eine Rechnung }
      order: { label: { en: An order, de: Eine Bestellung }, aliases: [parcel, Paket] }
    free_text: match
    remind_after: 10m
    give_up_after: 24h
  - set: { issue.category: "{{ topic }}" }

  - tag: "topic:{{ issue.category }}"

  - switch: issue.category
    cases:
      billing:
        - if: has(contact.email)
          then:
            - use: crm.get_account
              with: { email: "{{ contact.email }}" }
              save: account
              retry: { times: 3, wait: 2s }
              on_error:
                - note: "CRM look-up failed: {{ conversation.link }}"
        - if: account.tier == "enterprise"
          then: [{ handoff: enterprise, priority: high }]
          else: [{ stop: }]
      order: [{ workflow: damaged-order, with: { topic: "{{ issue.category }}" } }]
    else: [{ close: abandoned }]
`;

function steps(text: string): readonly Step[] {
  const { workflow, diagnostics } = parse(`id: a\non: manual\nsteps:\n${text}`, "workflows/a.yaml");
  expect(diagnostics).toEqual([]);
  return workflow?.steps ?? [];
}

describe("the example", () => {
  const { workflow, diagnostics } = parse(FIRST_CONTACT, "workflows/first-contact.yaml");

  test("parses without a fault", () => {
    expect(diagnostics).toEqual([]);
    expect(workflow).toMatchObject({ id: "first-contact", status: "live", channels: ["slack", "sms"], priority: 100 });
    expect(workflow?.triggers).toEqual([{ on: "conversation.opened" }, { on: "conversation.reopened" }]);
  });

  test("speaks two languages", () => {
    const [say] = workflow?.steps ?? [];
    if (say?.kind !== "say") throw new Error("The first step says nothing.");
    expect(say.text["de"]?.render({ contact: { first_name: "Dana" } })).toBe("Hallo Dana, hier ist der Acme-Support.");
    expect(say.text["en"]?.render({ contact: { first_name: "" } })).toBe("Hi there, this is Acme support.");
  });

  test("keeps times in milliseconds and paths stable", () => {
    const ask = workflow?.steps[1];
    expect(ask).toMatchObject({ kind: "ask", remindAfterMs: 600_000, giveUpAfterMs: 86_400_000, person: true });
    expect(workflow?.steps[4]).toMatchObject({
      cases: { billing: [{ then: [{ path: "steps.4.cases.billing.0.then.0" }] }, {}] },
    });
  });

  test("has nothing wrong with it but what is not there", () => {
    const found = lint(workflow!, {
      queues: ["enterprise"],
      connectors: {},
      workflows: [workflow!],
      channels: {},
      procedures: [],
    });
    expect(found.map(({ code, line }) => `${line} ${code}`)).toEqual(["5 W106", "5 W106", "30 W102", "39 W104"]);
  });
});

test.each([...LATER_STEPS])("the step %s is refused by name", (name) => {
  const { diagnostics } = parse(`id: a\non: manual\nsteps:\n  - ${name}: x\n`, "a.yaml");
  expect(diagnostics).toMatchObject([{ line: 4, column: 5, code: "W008", message: `${name}: is not supported yet` }]);
});

test.each([...LATER_TRIGGERS])("the trigger %s is refused by name", (name) => {
  const { diagnostics } = parse(`id: a\non: ${name}\nsteps: [{ say: x }]\n`, "a.yaml");
  expect(diagnostics).toMatchObject([
    { line: 2, column: 5, code: "W008", message: `the trigger ${name} is not supported yet` },
  ]);
});

test("every way to write a wait, a close and a stop", () => {
  const read = steps(
    "  - wait: 10m\n  - wait: { for: 2h, unless: replied }\n  - wait: 1d\n    unless: replied\n  - close\n  - close: abandoned\n  - close: { say: Bye, resolution: solved by bot }\n  - stop\n  - stop:\n",
  );
  expect(read.map(({ kind }) => kind)).toEqual(["wait", "wait", "wait", "close", "close", "close", "stop", "stop"]);
  expect(read[1]).toMatchObject({ forMs: 7_200_000, unlessReplied: true });
  expect(read[2]).toMatchObject({ forMs: 86_400_000, unlessReplied: true });
  expect(read[4]).toMatchObject({ resolution: "abandoned" });
});

test("a form with its fields under it or beside it", () => {
  const fields = "fields:\n        order: { type: 'id([0-9]{6})', ask: Your order number?, retries: 1 }\n";
  for (const text of [`  - collect:\n      ${fields}`, `  - collect:\n    ${fields}`]) {
    const [collect] = steps(text);
    if (collect?.kind !== "collect") throw new Error("This collects nothing.");
    expect(collect.fields[0]?.pattern?.test("123456")).toBe(true);
    expect(collect.fields[0]?.pattern?.test("x123456")).toBe(false);
  }
});

test("what a value is decides how it is given", () => {
  const [set] = steps('  - set: { a: 2, b: yes, c: "{{ contact.name }}", d: [1, { e: "{{ now }}" }], f.g: ~ }\n');
  expect(set).toMatchObject({
    values: {
      a: { kind: "literal", value: 2 },
      b: { kind: "literal", value: "yes" },
      c: { kind: "template" },
      d: { kind: "list", items: [{ kind: "literal", value: 1 }, { kind: "map" }] },
      "f.g": { kind: "literal", value: null },
    },
  });
});

test("a case with dots in its name has paths of its own", () => {
  const [step] = steps(
    '  - switch: contact.name\n    cases: { "a": [{ if: "true", then: [stop] }], "a.0.then": [stop], "a~0": [stop] }\n',
  );
  if (step === undefined) throw new Error("There is no step.");
  const paths = JSON.stringify(step).match(/"path":"[^"]*"/g) ?? [];
  expect(new Set(paths).size).toBe(paths.length);
});

test("names that JavaScript gives a meaning change no prototype", () => {
  parse(
    `id: a\non: manual\nsteps:\n  - set: { __proto__.polluted: 1 }\n  - use: a.b\n    with: { __proto__: { polluted: 1 } }\n`,
    "a.yaml",
  );
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("nine levels of aliases make nothing large", () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i}: &l${i} [${`*l${i - 1}, `.repeat(9)}]`).join("\n");
  const { workflow, diagnostics } = parse(levels, "a.yaml");
  expect(workflow).toBeNull();
  expect(diagnostics.some(({ code }) => code === "W003")).toBe(true);
});

test("a file of brackets, a huge one and one of faults alone are refused", () => {
  expect(parse("[".repeat(50_000), "a.yaml").diagnostics[0]?.code).toBe("W001");
  expect(parse("x".repeat(300_000), "a.yaml").diagnostics).toMatchObject([{ code: "W001" }]);
  const many = parse(`id: a\non: manual\nsteps:\n${"  - sya: x\n".repeat(400)}`, "a.yaml").diagnostics;
  expect(many).toHaveLength(MAX_DIAGNOSTICS);
  expect(many.some(({ message }) => message.includes("fix the first"))).toBe(true);
});

const sound = ({ workflow, partial, diagnostics }: ReturnType<typeof parse>, source: string): void => {
  const lines = source.split("\n").length;
  for (const { line, column } of diagnostics) {
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThan(0);
  }
  expect(workflow === null).toBe(diagnostics.some(({ severity }) => severity === "error") || partial === null);
  if (workflow === null) expect(diagnostics.length).toBeGreaterThan(0);
  if (partial !== null)
    lint(partial, { queues: [], connectors: {}, workflows: [partial], channels: {}, procedures: [] });
};

describe("parse is total", () => {
  test("over any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (source) => sound(parse(source, "a.yaml"), source)),
      { numRuns: 200 },
    );
  });

  test("over pieces of workflows in any order", () => {
    const words = [
      "id: a",
      "on: ",
      "steps:",
      "  - ",
      "    ",
      "{{ x }}",
      ": ",
      "if: ",
      "then:",
      "[",
      "]",
      "{",
      "}",
      "'",
      '"',
      "|",
      ">",
      "&a ",
      "*a",
      "!t ",
      "- ",
      "\n",
      "\n  ",
      "__proto__: ",
      "options: ",
      "~",
    ];
    const piece = fc.constantFrom(...words, ...STEP_NAMES.map((name) => `${name}: `), ...TRIGGER_NAMES);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) =>
        sound(parse(pieces.join(""), "a.yaml"), pieces.join("")),
      ),
      { numRuns: 1_000 },
    );
  });

  test("over the example with any part cut out or doubled", () => {
    const cut = fc.tuple(fc.nat(FIRST_CONTACT.length), fc.nat(80), fc.constantFrom("", "x", ": ", "\n", "{{", "- "));
    fc.assert(
      fc.property(cut, ([from, length, instead]) => {
        const source = FIRST_CONTACT.slice(0, from) + instead + FIRST_CONTACT.slice(from + length);
        sound(parse(source, "a.yaml"), source);
      }),
      { numRuns: 200 },
    );
  });
});
