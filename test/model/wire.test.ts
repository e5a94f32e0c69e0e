import { expect, it } from "vitest";
import { readCompletion } from "../../src/model/wire.ts";

const body = (message: object, more: object = {}) => ({ choices: [{ message, finish_reason: "stop" }], ...more });
const call = (id: string | undefined, args: unknown = "{}") => ({ id, function: { name: "reply", arguments: args } });

it.each<[what: string, body: unknown]>([
  ["nothing", null],
  ["a text", "Hello"],
  ["no choices", { choices: [] }],
  ["a choice without a message", { choices: [{}] }],
  ["an empty message", body({ content: "" })],
  ["a tool call without a name", body({ tool_calls: [{ id: "c", function: { arguments: "{}" } }] })],
])("%s is no completion", (_, given) => {
  expect(readCompletion(given)).toBeNull();
});

it("ids of tool calls are made where they are missing or repeated, and arguments may be an object", () => {
  const read = readCompletion(body({ tool_calls: [call("a"), call("a"), call(undefined, { text: "x" }), call("")] }));
  expect(read?.answer.toolCalls).toEqual([
    { id: "a", name: "reply", arguments: "{}" },
    { id: "call_1", name: "reply", arguments: "{}" },
    { id: "call_2", name: "reply", arguments: '{"text":"x"}' },
    { id: "call_3", name: "reply", arguments: "{}" },
  ]);
});

it.each<[what: string, usage: unknown, expected: object | null]>([
  [
    "all of it",
    { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
    { input: 9, cached: 4, output: 2 },
  ],
  ["no details", { prompt_tokens: 9, completion_tokens: 2 }, { input: 9, cached: 0, output: 2 }],
  [
    "more cached than read",
    { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 40 } },
    { input: 9, cached: 9, output: 2 },
  ],
  ["negative numbers", { prompt_tokens: -9, completion_tokens: 2 }, { input: 0, cached: 0, output: 2 }],
  ["nothing", undefined, null],
  ["something else", "free", null],
])("usage is read with %s", (_, usage, expected) => {
  expect(readCompletion(body({ content: "Hello" }, { usage }))?.usage).toEqual(expected);
});
