/** Parses what a model answered, and tells it its mistakes so that it can repair them. */
import { z } from "zod";
import type { ModelMessage, ModelRequest, ParsedToolCall } from "../domain/model.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import type { RawAnswer } from "./wire.ts";

export interface ParsedAnswer {
  toolCalls: readonly ParsedToolCall[];
  text: string;
  output: unknown;
}

/** Longest description of one mistake: a schema's faults repeat themselves. */
const MAX_FAULT = 1_000;
/** https://platform.openai.com/docs/api-reference/chat/create: what a name in a request may be. */
const NAME = { other: /[^\w-]/g, max: 64 };

/** Parses an answer against the request's tools and shape; a fault is the messages that ask for its repair. */
export function parseAnswer(request: ModelRequest, answer: RawAnswer): Result<ParsedAnswer, ModelMessage[]> {
  const calls = answer.toolCalls.map((call) => ({ call, parsed: parseCall(request, call) }));
  const output = answer.toolCalls.length === 0 ? parseOutput(request, answer.text) : ok(null);
  const missing = request.toolChoice === "required" && answer.toolCalls.length === 0;
  const whole = !answer.cut && !missing && output.ok && calls.every(({ parsed }) => parsed.ok);
  if (whole) {
    const toolCalls = calls.flatMap(({ parsed }) => (parsed.ok ? [parsed.value] : []));
    return ok({ toolCalls, text: answer.text, output: output.value });
  }
  const fault = answer.cut ? cutFault(request) : missing ? NO_CALL : output.ok ? null : output.fault;
  return fail(repairOf(answer, { calls, fault }));
}

const NO_CALL = "You called no tool. Answer with a call of one of the tools.";
const cutFault = ({ maxOutputTokens }: ModelRequest): string =>
  `The answer was cut off at ${maxOutputTokens} tokens. Answer again, and more briefly.`;

type Call = RawAnswer["toolCalls"][number];

function parseCall({ tools }: ModelRequest, call: Call): Result<ParsedToolCall, string> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined)
    return fail(`There is no such tool. The tools are: ${tools.map(({ name }) => name).join(", ")}.`);
  const json = readJson(call.arguments);
  if (!json.ok) return json;
  const parsed = tool.arguments.safeParse(json.value);
  if (!parsed.success) return fail(`The arguments are wrong:\n${z.prettifyError(parsed.error)}`.slice(0, MAX_FAULT));
  return ok({ id: call.id, name: call.name, arguments: parsed.data });
}

function parseOutput({ output }: ModelRequest, text: string): Result<unknown, string> {
  if (output === undefined) return ok(null);
  const json = readJson(text);
  if (!json.ok) return json;
  const parsed = output.parse.safeParse(json.value);
  return parsed.success
    ? ok(parsed.data)
    : fail(`The JSON is wrong:\n${z.prettifyError(parsed.error)}`.slice(0, MAX_FAULT));
}

/** Some models write nothing for a tool without arguments. */
function readJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text.trim() === "" ? "{}" : text));
  } catch {
    return fail("That is not JSON.");
  }
}

interface Faults {
  calls: readonly { call: Call; parsed: Result<ParsedToolCall, string> }[];
  /** The fault of the answer as a whole; null: only calls have faults. */
  fault: string | null;
}

function repairOf({ text }: RawAnswer, { calls, fault }: Faults): ModelMessage[] {
  if (calls.length === 0)
    return [
      { role: "assistant", content: text },
      { role: "user", content: fault ?? "" },
    ];
  const tool_calls = calls.map(({ call }) => repeated(call));
  const results = calls.map(({ call, parsed }): ModelMessage => {
    const content = fault ?? (parsed.ok ? "Not done, since another call was wrong. Call it again." : parsed.fault);
    return { role: "tool", tool_call_id: call.id, content };
  });
  return [{ role: "assistant", content: text === "" ? null : text, tool_calls }, ...results];
}

/** The call as the next request may contain it: a name and arguments that no server refuses. */
function repeated({ id, name, arguments: written }: Call) {
  const plain = name.replace(NAME.other, "_").slice(0, NAME.max) || "unknown";
  const json = readJson(written);
  return {
    id,
    type: "function" as const,
    function: { name: plain, arguments: json.ok && written.trim() !== "" ? written : "{}" },
  };
}
