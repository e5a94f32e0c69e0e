import { describe, expect, test } from "vitest";
import { CODES } from "../../src/procedure/codes.ts";
import type { Procedure } from "../../src/procedure/definition.ts";
import { lint } from "../../src/procedure/lint.ts";
import type { ProcedureWorld } from "../../src/procedure/lint-subject.ts";
import { parse } from "../../src/procedure/parse.ts";
import { marked } from "../workflow/marked.ts";
import { FAULTY } from "./faulty.ts";
import { billing, readFixture, written } from "./written.ts";

/** A folder of these files, with two queues, a workflow and two channels. */
function worldOf(...sources: string[]): ProcedureWorld {
  const procedures = sources.flatMap((source, at): Procedure[] => {
    const { partial } = parse(source, `procedures/${at}.md`, billing());
    return partial === null ? [] : [partial];
  });
  return {
    queues: ["leads", "account-managers"],
    workflows: ["greeting"],
    channels: ["sms", "slack"],
    connectors: billing(),
    procedures,
    // The words "not JavaScript" stand for any error that a compiler finds.
    syntaxFault: ({ source }) => {
      const lines = source.split("\n");
      const line = lines.findIndex((one) => one.includes("not JavaScript"));
      if (line === -1) return null;
      return { line: line + 1, column: (lines[line]?.indexOf("not") ?? 0) + 1, message: "Unexpected identifier" };
    },
  };
}

/** Checks the last file beside the others; every finding as "line:column CODE". */
function findings(source: string, ...others: string[]): string[] {
  const world = worldOf(...others, source);
  const file = `procedures/${others.length}.md`;
  const { procedure, partial, diagnostics, places } = parse(source, file, billing());
  const found = partial === null ? [] : lint(partial, { world, places, partial: procedure === null });
  return [...diagnostics, ...found].map(({ line, column, code }) => `${line}:${column} ${code}`);
}

const ASK = "Find out `@ask reason` and `@ask name`, gently. `@set tries = 1`\n\n";
const USE = "Call `@use billing.get_subscription` for {{ name }}.\n\n";
const CANCEL = "Cancel it with `@use billing.cancel_subscription` and `@end cancelled`.\n";
const USED = '- **If** `reason == "price" && tries < 3`: be brief.\n\n';
/** Steps that use all that the sound front matter declares, with more of them in the middle. */
const steps = (middle: string, end = `\n## Cancel\n\n${CANCEL}`): string =>
  `## Ask\n\n${ASK}${USE}${USED}${middle}${end}`;
const TRIGGER = (when: string, examples: string, counter = "[]"): string =>
  `trigger:\n  when: ${when}\n  examples: ${examples}\n  counter_examples: ${counter}\n`;
const OTHER = written({
  head: "id: other",
  trigger: TRIGGER("They ask about an invoice of theirs", "[where is my invoice, send me the bill, I need a receipt]"),
  fields: "",
  connectors: "",
  steps: "## A\n`@end x`\n",
});
const RUNS = OTHER.replace("`@end x`", "`@run cancel` and `@end x`");

const CASES: readonly [code: string, file: string, ...others: string[]][] = [
  ["P101", written({ steps: steps("If lost, ¦`@handoff frontline`.\n") })],
  ["P101", written({ more: "escalate: [{ when: They are angry., to: ¦frontline }]\n" })],
  ["P104", written({ steps: steps("If lost, ¦`@workflow greting`.\n") })],
  ["P106", written({ more: "audience: { channels: [sms, ¦smss] }\n" })],
  ["P107", written({ steps: steps("If lost, ¦`@run othr`.\n") }), OTHER],
  ["P107", written({ more: "audience: { requires: ¦verified }\n" })],
  ["P120", written({ steps: steps("If lost, ¦`@run cancel`.\n") })],
  ["P120", written({ steps: steps("If lost, ¦`@run other`.\n") }), RUNS],
  ["P122", written({ steps: steps("Then `@end early`.\n").replace("## Cancel", "¦## Cancel") })],
  [
    "P122",
    written({
      steps: steps("- **If** `tries > 1`: `@end a`\n- **Else**: `@handoff leads`\n").replace("## Cancel", "¦## Cancel"),
    }),
  ],
  ["P123", written({ steps: steps("", "\n¦## Cancel\n\nCall `@use billing.cancel_subscription`.\n") })],
  [
    "P124",
    written({
      connectors:
        "connectors:\n  billing.get_subscription: read\n  ¦billing.cancel_subscription: { with: { id: sub.id } }\n",
    }),
  ],
  [
    "P125",
    written({
      fields: "fields:\n  ¦city: { type: text, ask: Ask. }\n",
      connectors: "",
      steps: "## A\n`@ask city` and `@end x`\n",
    }),
  ],
  [
    "P126",
    written({
      fields: "fields:\n  ¦city: { type: text, ask: Ask. }\n",
      connectors: "",
      steps: "## A\nSay {{ city }}, then `@end x`\n",
    }),
  ],
  [
    "P126",
    written({
      fields: "fields:\n  ¦n: { type: number, from: set }\n",
      connectors: "",
      steps: "## A\nSay {{ n }}, then `@end x`\n",
    }),
  ],
  [
    "P126",
    written({ steps: steps("").replace(USE, "").replace("be brief", "be brief with {{ name }}") }).replace(
      "  sub:",
      "  ¦sub:",
    ),
  ],
  [
    "P127",
    written({
      steps: steps('¦- **If** `reason == "price"`: be kind.\n- **Else if** `reason == "quality"`: be sorry.\n'),
    }),
  ],
  [
    "P128",
    written({
      steps: steps(
        '- **If** `reason == "price"`: be kind.\n¦- **Else if** `reason == "price"`: be sorry.\n- **Else**: go on.\n',
      ),
    }),
  ],
  [
    "P128",
    written({
      steps: steps(
        '- **If** `reason != "price"`: be kind.\n- **Else if** `reason == "price"`: be sorry.\n¦- **Else**: go on.\n',
      ),
    }),
  ],
  ["P128", written({ steps: steps('¦- **If** `reason == "price" && reason == "other"`: be kind.\n') })],
  ["P128", written({ steps: steps('¦- **If** `reason == "price" || reason != "price"`: be kind.\n') })],
  ["P128", written({ more: "escalate: [{ if: 'contact.blocked && !contact.blocked', to: ¦leads }]\n" })],
  [
    "P128",
    written({
      connectors:
        "connectors:\n  billing.get_subscription: read\n  billing.cancel_subscription: { only_if: ¦true, confirm: customer, with: { id: sub.id } }\n",
    }),
  ],
  ["P129", written({ trigger: "trigger:\n  when: They want to cancel.\n  examples: ¦[cancel my plan, stop it]\n" })],
  ["P129", written({ trigger: "trigger: ¦{ when: They want to cancel. }\n" })],
  [
    "P130",
    written({
      trigger: TRIGGER("¦They ask about an invoice of theirs.", "[which sum was it, show me the sum, how much]"),
    }),
    OTHER,
  ],
  [
    "P130",
    written({ trigger: TRIGGER("They want to cancel", "[cancel my plan, stop it now, ¦Where is my invoice?]") }),
    OTHER,
  ],
  [
    "P131",
    written({ trigger: TRIGGER("They want to cancel", "[cancel my plan, stop it now, I quit]", "[¦Cancel my plan!]") }),
  ],
  [
    "P132",
    written({ fields: "", connectors: "connectors:\n  ¦billing.get_subscription: read\n", steps: "## A\n`@end x`\n" }),
  ],
  ["P132", written({ steps: steps("¦```js a (reason) -> number\nreturn 1;\n```\n") })],
  ["P133", written({ steps: steps("", `\n## Cancel\n\nAsk ¦"Are you sure?" first. ${CANCEL}`) })],
  ["P133", written({ steps: steps("", `\n## Cancel\n\n¦Ask them to confirm. ${CANCEL}`) })],
  [
    "P134",
    written({
      fields: "fields:\n  n: { type: number, from: count }\n",
      connectors: "",
      steps:
        "## A\n- **If** they ask:\n  ```js count () -> number\n  return 1;\n  return ¦not JavaScript;\n  ```\n\nSay {{ n }}, then `@end x`.\n",
    }),
  ],
  [
    "T002",
    written({
      fields: "fields:\n  a: { type: text }\n  b: { type: text }\n  c: { type: text }\n",
      connectors: "",
      steps: "¦## A\n\n`@ask a`, `@ask b`, `@ask c`. Note `@note a`, say {{ a }} {{ b }} {{ c }} and `@end x`.\n",
    }),
  ],
];

describe("a doubtful procedure", () => {
  test.each(CASES)("earns %s at its place: %s", (code, file, ...others) => {
    const { source, at } = marked(file);
    expect(findings(source, ...others)).toEqual([`${at} ${code}`]);
  });

  test("has a case for every code", () => {
    const tried = new Set([...CASES, ...FAULTY].map(([code]) => code));
    // P121 compares two files, so it is tested with the content folder.
    expect(CODES.map(({ code }) => code).filter((code) => code !== "P121" && !tried.has(code))).toEqual([]);
  });
});

describe("a sound procedure", () => {
  const SOUND: readonly [string, string, ...string[]][] = [
    ["the one of the fixtures", written({})],
    ["its steps with nothing in the middle", written({ steps: steps("") })],
    [
      "a queue, a workflow and another procedure",
      written({ steps: steps("If lost, `@workflow greeting`, `@handoff leads` or `@run other`.\n") }),
      OTHER,
    ],
    ["an escalation to a workflow", written({ more: "escalate: [{ when: They are angry., to: greeting }]\n" })],
    [
      "a step after one that leaves only in some cases",
      written({ steps: steps("If they want nothing, `@end early`.\n\n- **If** `tries > 1`: `@end a`\n") }),
    ],
    ["a step that a link leads to", written({ steps: steps("Go to [the end](#cancel). Then `@end x`.\n") })],
    [
      "a last step that only a person's queue ends",
      written({ steps: steps("", "\n## Cancel\n\n`@use billing.cancel_subscription`, or `@handoff leads`.\n") }),
    ],
    [
      "a write that a person approves",
      written({
        connectors:
          "connectors:\n  billing.get_subscription: read\n  billing.cancel_subscription: { with: { id: sub.id }, approve: [{ by: leads, within: 1h }] }\n",
      }),
    ],
    [
      "a field that an operation takes by its name",
      written({
        fields: "fields:\n  key: { type: text, ask: Ask. }\n",
        connectors: "connectors:\n  billing.get_subscription: read\n",
        steps: "## A\n`@ask key`, `@use billing.get_subscription` and `@end x`\n",
      }),
    ],
    [
      "a field that a person reads who takes over",
      written({
        fields: "fields:\n  city: { type: text, ask: Ask. }\n",
        connectors: "",
        steps: "## A\n`@ask city` and `@handoff leads`\n",
      }),
    ],
    [
      "branches for some values, and Else",
      written({
        steps: steps(
          '- **If** `reason == "price"`: be kind.\n- **Else if** `reason == "quality"`: be sorry.\n- **Else**: go on.\n',
        ),
      }),
    ],
    ["one branch alone", written({ steps: steps('- **If** `reason == "price"`: be kind.\n') })],
    [
      "a later branch behind one that a model judges",
      written({ steps: steps('- **If** they are angry: be kind.\n- **Else if** `reason == "price"`: be sorry.\n') }),
    ],
    [
      "a counter-example about something else",
      written({
        trigger: TRIGGER("They want to cancel", "[cancel my plan, stop it now, I quit]", "[where is my invoice]"),
      }),
      OTHER,
    ],
    [
      "a trigger of the same words on other channels",
      written({
        more: "audience: { channels: [sms] }\n",
        trigger: TRIGGER("They ask about an invoice of theirs", "[which sum was it, show me the sum, how much]"),
      }),
      OTHER.replace("---\n\n", "audience: { channels: [slack] }\n---\n\n"),
    ],
    [
      "a question that is no confirmation",
      written({ steps: steps("", `\n## Cancel\n\nAsk "Which day suits you?" first. ${CANCEL}`) }),
    ],
    ["a confirmation where nothing is confirmed", written({ steps: steps('Ask "Are you sure?" first.\n') })],
    [
      "many questions, with something to judge",
      written({
        fields: "fields:\n  a: { type: text }\n  b: { type: text }\n  c: { type: text }\n",
        connectors: "",
        steps:
          "## A\n\n`@ask a`, `@ask b`, `@ask c`, say {{ a }} {{ b }} {{ c }}.\n\n- **If** they hesitate: `@end x`\n",
      }),
    ],
  ];

  test.each(SOUND)("has no finding: %s", (_, source, ...others) => {
    expect(findings(source, ...others)).toEqual([]);
  });

  test("the example has only what its folder lacks", () => {
    const found = findings(readFixture("cancel-subscription.md")).map((one) => one.split(" ")[1] ?? "");
    expect([...new Set(found)].toSorted()).toEqual(["P101", "P106", "P107", "P129"]);
  });
});
