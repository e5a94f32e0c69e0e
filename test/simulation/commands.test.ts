import { expect, test } from "vitest";
import { readAnswer } from "../../src/simulation/commands.ts";

const COMMANDS: readonly [line: string, ...commands: object[]][] = [
  ['reply "May I ask; why?"', { kind: "reply", text: "May I ask; why?" }],
  ["say 24:12", { kind: "say", sentence: "24:12" }],
  ["ask reason", { kind: "ask", field: "reason" }],
  [
    'set_fields reason=other quote="a b" tries=2 ok=true',
    {
      kind: "set_fields",
      fields: [
        { field: "reason", value: "other", quote: "a b" },
        { field: "tries", value: 2, quote: "" },
        { field: "ok", value: true, quote: "" },
      ],
    },
  ],
  ["set total", { kind: "set", field: "total" }],
  [
    'use shop.pay id="7" list=[1, {"a": "]"}]',
    { kind: "use", operation: "shop.pay", args: { id: "7", list: [1, { a: "]" }] } },
  ],
  ["go cancel", { kind: "go", step: "cancel" }],
  ['judge cancel.2.0 yes quote="so"', { kind: "judge", branch: "cancel.2.0", holds: true, quote: "so" }],
  ["start refunds", { kind: "start", procedure: "refunds" }],
  ["switch orders", { kind: "switch", procedure: "orders" }],
  ["cancel # for good", { kind: "cancel" }],
  ["clarify a b", { kind: "clarify", candidates: ["a", "b"] }],
  ['note "n"', { kind: "note", text: "n" }],
  ["tag churned; workflow bye", { kind: "tag", tag: "churned" }, { kind: "workflow", workflow: "bye" }],
  ["handoff", { kind: "handoff", queue: "", reason: "asked", summary: "" }],
  ['handoff billing reason=stuck summary="s"', { kind: "handoff", queue: "billing", reason: "stuck", summary: "s" }],
  ["end done", { kind: "end", outcome: "done" }],
  ["nothing"],
];

test.each(COMMANDS)("a model asks for: %s", (line, ...commands) => {
  expect(readAnswer(line)).toEqual({ ok: true, answer: { kind: "commands", commands } });
});

test("a model is unavailable", () => {
  expect(readAnswer("unavailable")).toEqual({ ok: true, answer: { kind: "unavailable" } });
});

const FAULTY: readonly [line: string, at: number, message: string][] = [
  ["ask reason; hand_off", 12, "handoff"],
  ["ask", 0, "ask FIELD"],
  ["cancel now", 0, "write it as: cancel"],
  ["set_fields quote=a", 0, "set_fields FIELD=value"],
  ["judge a perhaps", 0, "yes|no"],
  ["handoff billing reason=bored", 0, "asked|stuck"],
  ["use a.b list=[1", 8, "this is no value"],
  ['reply "a', 6, "does not end"],
  ["# nothing", 0, "needs a command"],
];

test.each(FAULTY)("is not read: %s", (line, at, message) => {
  expect(readAnswer(line)).toEqual({ ok: false, at, message: expect.stringContaining(message) as string });
});
