import { describe, expect, test } from "vitest";
import type { StepKind } from "../../src/workflow/definition.ts";
import { faults, steps } from "./linted.ts";
import { marked } from "./marked.ts";

const form = (field: string): string =>
  `  - collect:\n      fields:\n        n: { type: choice, ask: Which?, options: { a: A }, ${field} }\n`;

/** Every place of a step that reads a value, with `¦` before one that nothing sets. */
const READS: Readonly<Record<StepKind, readonly string[]>> = {
  say: ["  - say: '{{ ¦odd }}'\n", "  - say: Hello\n    per_channel: { sms: '{{ ¦odd }}' }\n"],
  ask: ["  - ask: '{{ ¦odd }}'\n", "  - ask: Which?\n    options: { a: '{{ ¦odd }}' }\n"],
  collect: [
    "  - collect: { fields: { n: { type: text, ask: '{{ ¦odd }}' } } }\n",
    "  - collect: { fields: { n: { type: choice, ask: Which?, options: { a: '{{ ¦odd }}' } } } }\n",
    form("check: value == ¦odd"),
    form("check_say: '{{ ¦odd }}'"),
  ],
  if: ["  - if: ¦odd == 1\n    then: [stop]\n", "  - if: ¦odd == 1\n    say: Hello\n"],
  switch: ["  - switch: ¦odd\n    cases: { a: [stop] }\n"],
  set: ["  - set: { a: '{{ ¦odd }}' }\n", "  - set: { a: [{ b: '{{ ¦odd }}' }] }\n"],
  tag: ["  - tag: '{{ ¦odd }}'\n"],
  note: ["  - note: '{{ ¦odd }}'\n"],
  use: ["  - use: crm.get_account\n    with: { email: '{{ ¦odd }}' }\n"],
  workflow: ["  - workflow: b\n    with: { a: '{{ ¦odd }}' }\n"],
  handoff: ["  - handoff: leads\n    say: '{{ ¦odd }}'\n", "  - handoff: leads\n    summary: '{{ ¦odd }}'\n"],
  wait: [],
  procedure: [],
  close: ["  - close: { say: '{{ ¦odd }}' }\n", "  - close: abandoned\n    say: '{{ ¦odd }}'\n"],
  goto: [],
  stop: [],
};

/** Every text of a step for customers, without a language; `¦` stands before its place. */
const TEXTS: Readonly<Record<StepKind, readonly string[]>> = {
  say: ["  - say: ¦Hello\n", "  - say: { en: Hello }\n    per_channel: { sms: ¦Hi }\n"],
  ask: ["  - ask: ¦Which?\n", "  - ask: { en: Which? }\n    options: { a: ¦A }\n"],
  collect: [
    "  - collect: { fields: { n: { type: text, ask: ¦Which? } } }\n",
    "  - collect:\n    fields: { n: { type: text, ask: ¦Which? } }\n",
    "  - collect: { fields: { n: { type: text, ask: { en: Which? }, check_say: ¦No. } } }\n",
    "  - collect: { fields: { n: { type: choice, ask: { en: Which? }, options: { a: ¦A } } } }\n",
  ],
  if: [],
  switch: [],
  set: [],
  tag: [],
  note: [],
  use: [],
  workflow: [],
  handoff: ["  - handoff: leads\n    say: ¦Hello\n"],
  wait: [],
  procedure: [],
  close: ["  - close: { say: ¦Bye }\n", "  - close: abandoned\n    say: ¦Bye\n"],
  goto: [],
  stop: [],
};

const rows = (table: Readonly<Record<StepKind, readonly string[]>>): [string, string][] =>
  Object.entries(table).flatMap(([kind, files]) => files.map((file): [string, string] => [kind, file]));

const other = "id: b\non: manual\nsteps: [{ say: Hello }]\n";

describe("the checks look at everything in a step", () => {
  test.each(rows(READS))("%s: a value that nothing sets in %j", (_, file) => {
    const { source, at } = marked(steps(file));
    expect(faults(source, other)).toEqual([`${at} W115`]);
  });

  test.each(rows(TEXTS))("%s: a text without a language in %j", (_, file) => {
    const { source, at } = marked(steps(`  - say: { en: Hello }\n${file}`));
    expect(faults(source, other)).toEqual([`${at} W122`]);
  });
});
