import { describe, expect, test } from "vitest";
import { COMMANDS_MAX, readCommands } from "../../../src/procedure/prompt/read-commands.ts";

const call = (id: string) => ({ id, name: "reply", arguments: { kind: "reply", text: id } });

describe("what a model answered", () => {
  test("is its tool calls, in their order; text beside them is said to nobody", () => {
    expect(readCommands({ toolCalls: [call("one"), call("two")], text: "Let me think" })).toEqual({
      ok: true,
      value: [
        { kind: "reply", text: "one" },
        { kind: "reply", text: "two" },
      ],
    });
  });

  test("is a reply where it called no tool", () => {
    expect(readCommands({ toolCalls: [], text: " Hello.\n" })).toEqual({
      ok: true,
      value: [{ kind: "reply", text: "Hello." }],
    });
  });

  test.each([
    ["nothing", { toolCalls: [], text: " \n" }, "You answered nothing; call a tool."],
    [
      "a reply that nobody reads",
      { toolCalls: [], text: "x".repeat(4_001) },
      "Your reply has 4001 characters; at most 4000 are sent.",
    ],
    [
      "far too many calls",
      { toolCalls: Array.from({ length: COMMANDS_MAX + 1 }, (_, n) => call(String(n))), text: "" },
      "You called 21 tools; call at most 20 at once.",
    ],
  ])("is refused if it is %s", (_, answer, fault) => {
    expect(readCommands(answer)).toEqual({ ok: false, fault });
  });
});
