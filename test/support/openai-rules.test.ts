import { describe, expect, it } from "vitest";
import { chatRequestFaults, openaiSpec } from "./openai-rules.ts";

const BODY = { model: "m", messages: [{ role: "user", content: "hi" }] };

describe.skipIf(openaiSpec === null)("OpenAI's schema (without FRONTDESK_SPECS)", () => {
  it.each<[string, object, boolean]>([
    ["a plain request", {}, true],
    ["no messages", { messages: [] }, false],
    ["a role that does not exist", { messages: [{ role: "bot", content: "hi" }] }, false],
    ["a temperature that is too high", { temperature: 99 }, false],
    ["a tool without a name", { tools: [{ type: "function", function: {} }] }, false],
    ["a tool result without its call", { messages: [{ role: "tool", content: "hi" }] }, false],
  ])("%s: %j", (_, change, valid) => {
    expect(chatRequestFaults({ ...BODY, ...change }).length === 0).toBe(valid);
  });
});
