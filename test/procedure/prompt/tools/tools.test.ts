import { describe, expect, test } from "vitest";
import type { ToolSpec } from "../../../../src/domain/model.ts";
import { commandSchema } from "../../../../src/procedure/command-schema.ts";
import { toolsOf } from "../../../../src/procedure/prompt/tools/tools.ts";
import { chatRequestFaults } from "../../../support/openai-rules.ts";
import { written } from "../../written.ts";
import { cancelSubscription, operation, procedureOf } from "../scene.ts";

const FIELDS = `fields:
  reason: { type: enum, values: [price, quality], ask: Ask why., question: Why? }
  again: { type: yes_no, ask: Ask if again. }
  name: { type: text, ask: Ask for their name. }
  paid: { type: money, ask: Ask how much. }
  photo: { type: file, ask: Ask for a photo. }
  tries: { type: number, from: set }
  sub: { type: billing.Subscription, from: billing.get_subscription }
`;
const STEPS = `# Cancel

## Ask

\`@ask reason\` \`@ask again\` \`@ask name\` \`@ask paid\` \`@ask photo\` \`@set tries = 1\`

- **If** they are angry: say "Sorry, {{ name }}." and \`@handoff leads\`.
- **Else**: \`@workflow survey\` \`@tag calm\` \`@note mood\`

## Cancel

\`@use billing.cancel_subscription\` and \`@end cancelled\`. {{ tries }}{{ reason }}{{ again }}{{ paid }}{{ photo }}
`;
const cancel = toolsOf(cancelSubscription(), operation);
const all = toolsOf(procedureOf(written({ fields: FIELDS, steps: STEPS })), operation);

function named(name: string, tools = all): ToolSpec {
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`There is no tool ${name}: ${tools.map((tool) => tool.name).join(", ")}`);
  return found;
}

/** The first name that an argument of a tool may have. */
const first = (name: string, argument: string): string =>
  (named(name).parameters as { properties: Record<string, { enum: string[] }> }).properties[argument]?.enum[0] ?? "";

const read = (name: string, given: unknown): unknown => {
  const parsed = named(name).arguments.safeParse(given);
  return parsed.success ? parsed.data : "refused";
};

/** Objects anywhere in a schema. */
function objectsIn(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== "object" || schema === null) return [];
  const inside = Object.values(schema).flatMap(objectsIn);
  return "properties" in schema ? [schema, ...inside] : inside;
}

describe("the tools of a procedure", () => {
  test("are sorted, and those that its file has a use for", () => {
    expect(all.map(({ name }) => name)).toEqual([
      "ask",
      "cancel",
      "clarify",
      "end",
      "go",
      "handoff",
      "judge",
      "note",
      "reply",
      "say",
      "set",
      "set_fields",
      "start",
      "switch",
      "tag",
      "use_billing_cancel_subscription",
      "use_billing_get_subscription",
      "workflow",
    ]);
    expect(cancel.map(({ name }) => name)).not.toContain("judge");
    expect(cancel.map(({ name }) => name)).not.toContain("workflow");
  });

  test.each([
    ["cancel-subscription", cancel],
    ["everything", all],
    ["none active", toolsOf(null, operation)],
  ])("are strict, and fit OpenAI's schema: %s", (_, tools) => {
    for (const { name, parameters, strict } of tools) {
      expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(strict).toBe(true);
      for (const object of objectsIn(parameters)) {
        expect(object).toMatchObject({ type: "object", additionalProperties: false });
        expect(object["required"]).toEqual(Object.keys(object["properties"] as object));
      }
      expect(JSON.stringify(parameters)).not.toMatch(/oneOf|allOf|maxLength|minLength|\$schema|"default"/);
    }
    const functions = tools.map(({ arguments: _parser, ...tool }) => ({ type: "function", function: tool }));
    const messages = [{ role: "user", content: "hi" }];
    expect(chatRequestFaults({ model: "gpt-test", messages, tools: functions })).toEqual([]);
  });

  test("are made once for a version", () => {
    const procedure = cancelSubscription();
    expect(toolsOf(procedure, operation)).toBe(toolsOf(procedure, operation));
  });

  test("end with “done” where the file declares no outcome", () => {
    const silent = procedureOf(written({ fields: FIELDS, steps: STEPS.replace(" and `@end cancelled`", "") }));
    expect(named("end", toolsOf(silent, operation)).parameters).toMatchObject({
      properties: { outcome: { enum: ["done"] } },
    });
  });
});

const setting = {
  fields: [
    { field: "reason", value: "price", quote: "the price" },
    { field: "again", value: false, quote: "never" },
    { field: "paid", value: "12 dollars", quote: "12 dollars" },
  ],
};

describe("a call of a tool", () => {
  test.each([
    ["reply", { text: "Hello" }, { kind: "reply", text: "Hello" }],
    ["say", { sentence: first("say", "sentence") }, { kind: "say", sentence: first("say", "sentence") }],
    ["ask", { field: "reason" }, { kind: "ask", field: "reason" }],
    ["set", { field: "tries" }, { kind: "set", field: "tries" }],
    ["set_fields", setting, { kind: "set_fields", ...setting }],
    ["go", { step: "cancel" }, { kind: "go", step: "cancel" }],
    [
      "judge",
      { branch: first("judge", "branch"), holds: true, quote: "argh" },
      { kind: "judge", branch: first("judge", "branch"), holds: true, quote: "argh" },
    ],
    ["start", { procedure: "refund" }, { kind: "start", procedure: "refund" }],
    ["switch", { procedure: "refund" }, { kind: "switch", procedure: "refund" }],
    ["cancel", {}, { kind: "cancel" }],
    ["clarify", { candidates: ["a", "b"] }, { kind: "clarify", candidates: ["a", "b"] }],
    ["note", { text: "angry" }, { kind: "note", text: "angry" }],
    ["tag", { tag: "calm" }, { kind: "tag", tag: "calm" }],
    ["workflow", { workflow: "survey" }, { kind: "workflow", workflow: "survey" }],
    [
      "handoff",
      { queue: "leads", reason: "policy", summary: "x" },
      { kind: "handoff", queue: "leads", reason: "policy", summary: "x" },
    ],
    [
      "handoff",
      { queue: null, reason: "asked", summary: "" },
      { kind: "handoff", queue: "", reason: "asked", summary: "" },
    ],
    ["end", { outcome: "cancelled" }, { kind: "end", outcome: "cancelled" }],
    [
      "use_billing_cancel_subscription",
      { reason: null },
      { kind: "use", operation: "billing.cancel_subscription", args: {} },
    ],
    [
      "use_billing_cancel_subscription",
      { reason: "price" },
      { kind: "use", operation: "billing.cancel_subscription", args: { reason: "price" } },
    ],
    ["use_billing_get_subscription", {}, { kind: "use", operation: "billing.get_subscription", args: {} }],
  ])("%s %j is a command", (name, given, command) => {
    expect(read(name, given)).toEqual(command);
    // As it is read again from the journal.
    expect(commandSchema.parse(JSON.parse(JSON.stringify(command)))).toEqual(command);
  });

  test.each([
    ["reply", { text: "" }],
    ["reply", { text: "x".repeat(4_001) }],
    ["reply", { text: "x", tone: "kind" }],
    ["ask", { field: "sub" }],
    ["set_fields", { fields: [{ field: "reason", value: "weather", quote: "rain" }] }],
    ["set_fields", { fields: [{ field: "photo", value: "x", quote: "x" }] }],
    ["set_fields", { fields: [{ field: "sub", value: "x", quote: "x" }] }],
    ["set_fields", { fields: [] }],
    ["set_fields", { fields: Array.from({ length: 21 }, () => ({ field: "name", value: "x", quote: "x" })) }],
    ["go", { step: "elsewhere" }],
    ["judge", { branch: "ask.9.9", holds: true, quote: "" }],
    ["clarify", { candidates: ["a"] }],
    ["handoff", { queue: "strangers", reason: "asked", summary: "" }],
    ["handoff", { queue: null, reason: "bored", summary: "" }],
    ["end", { outcome: "rich" }],
    // Filled in by the file, and from the contact.
    ["use_billing_cancel_subscription", { id: "sub_2", reason: null }],
    ["use_billing_get_subscription", { key: "cus_1" }],
  ])("%s %j is refused", (name, given) => {
    expect(read(name, given)).toBe("refused");
  });
});
