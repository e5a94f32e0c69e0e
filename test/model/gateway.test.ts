import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ModelResult } from "../../src/domain/model.ts";
import { completion, startModelCounterpart } from "../support/model-counterpart.ts";
import { chatRequestFaults } from "../support/openai-rules.ts";
import { endpoint, type ModelBench, openModelBench, replies, reply, request } from "./bench.ts";

let bench: ModelBench;
beforeAll(async () => {
  bench = await openModelBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => bench.reset());
afterEach(() => bench.checkRequests());

const said = (result: ModelResult): unknown =>
  result.kind === "commands" ? result.toolCalls.map((call) => call.arguments) : result;
const requests = () => bench.mock.getRequests().map(({ body }) => body as unknown as Record<string, unknown>);
const second = () => endpoint(bench.mock.url, { model: "second", price: null });

describe("an answer", () => {
  it("has the tool calls, parsed, with its usage and cost", async () => {
    const usage = { prompt_tokens: 1_000, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 600 } };
    await using server = await startModelCounterpart();
    const call = { id: "call_1", type: "function", function: { name: "reply", arguments: '{"text":"Which plan?"}' } };
    server.answer(completion({ tool_calls: [call] }, { usage }));
    const large = [endpoint(server.url)];
    const result = await bench.ask(request("please cancel my plan"), { large });
    expect(server.requests.map(({ path, body }) => [path, chatRequestFaults(body)])).toEqual([
      ["/v1/chat/completions", []],
    ]);
    expect(result).toEqual({
      kind: "commands",
      toolCalls: [{ id: "call_1", name: "reply", arguments: { text: "Which plan?" } }],
      text: "",
      output: null,
      usage: { input: 1_000, cached: 600, output: 20 },
      costUsd: (400 * 2 + 600 * 0.5 + 20 * 8) / 1_000_000,
      model: "gpt-test",
      tookMs: expect.any(Number),
    });
    expect(
      await bench.query(
        `select conversation, procedure, run, purpose, tier, input_tokens, cached_tokens, output_tokens, cost_usd, outcome
         from model_call`,
      ),
    ).toEqual([
      {
        conversation: 7,
        procedure: "cancel",
        run: "e1.0",
        purpose: "turn",
        tier: "large",
        input_tokens: 1_000,
        cached_tokens: 600,
        output_tokens: 20,
        cost_usd: 0.00126,
        outcome: "answered",
      },
    ]);
    const text = await bench.metrics.text();
    expect(text).toContain('frontdesk_model_calls_total{model="gpt-test",outcome="answered"} 1');
    expect(text).toContain('frontdesk_model_tokens_total{model="gpt-test",kind="cached"} 600');
  });

  it("is asked for with the tools in their order, a limit, and the key of the prompt cache", async () => {
    bench.mock.on({}, replies("Hello"));
    await bench.ask(request("hi", { toolChoice: "required" }));
    await bench.ask(request("hi", { tools: [], cacheKey: "k".repeat(65) }));
    const [one, two] = requests();
    expect(one).toMatchObject({
      model: "gpt-test",
      max_tokens: 500,
      prompt_cache_key: "cancel@4f2a",
      tool_choice: "required",
      tools: [
        { type: "function", function: { name: "handoff", strict: true } },
        { type: "function", function: { name: "reply", strict: true, parameters: reply.parameters } },
      ],
    });
    expect(two).not.toHaveProperty("tools");
    expect(two).not.toHaveProperty("tool_choice");
    expect(two?.["prompt_cache_key"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("goes on after the results of tools", async () => {
    bench.mock.on({ hasToolResult: true, toolResultContains: "active" }, { content: "It is active." });
    const call = { id: "call_9", type: "function" as const, function: { name: "reply", arguments: '{"text":"x"}' } };
    const asked = request("what about my plan?");
    const messages = [
      ...asked.messages,
      { role: "assistant" as const, content: null, tool_calls: [call] },
      { role: "tool" as const, tool_call_id: "call_9", content: '{"status":"active"}' },
    ];
    expect(await bench.ask({ ...asked, messages })).toMatchObject({
      kind: "commands",
      text: "It is active.",
      toolCalls: [],
    });
  });

  it("may be JSON of a given shape", async () => {
    const output = {
      name: "intent",
      schema: {
        type: "object",
        properties: { intent: { type: "string" } },
        required: ["intent"],
        additionalProperties: false,
      },
      parse: z.object({ intent: z.enum(["refund", "other"]) }),
    };
    bench.mock.on({ responseFormat: "json_schema" }, { content: '{"intent":"refund"}' });
    const result = await bench.ask(request("money back", { tools: [], output }));
    expect(result).toMatchObject({ kind: "commands", output: { intent: "refund" } });
  });
});

describe("an answer that does not fit", () => {
  const wrong = { toolCalls: [{ id: "call_1", name: "reply", arguments: '{"txt":"Hello"}' }] };

  it.each<[what: string, first: typeof wrong, told: string]>([
    ["arguments of another shape", wrong, "Unrecognized key"],
    ["arguments that are no JSON", { toolCalls: [{ id: "c", name: "reply", arguments: '{"text":"Hel' }] }, "not JSON"],
    [
      "a tool that does not exist",
      { toolCalls: [{ id: "c", name: "functions.refund all", arguments: "{}" }] },
      "no such tool",
    ],
  ])("is repaired once: %s", async (_, first, told) => {
    bench.mock.on({ hasToolResult: false }, first);
    bench.mock.on({ hasToolResult: true, toolResultContains: told }, replies("Hello", "call_2"));
    const result = await bench.ask(request("hi"));
    expect(said(result)).toEqual([{ text: "Hello" }]);
    expect(await bench.calls()).toEqual(["gpt-test faulty", "gpt-test answered"]);
    const [row] = await bench.query<{ n: number }>("select sum(input_tokens)::int as n from model_call");
    expect(result).toMatchObject({ usage: { input: row?.n } });
  });

  it("names the fault of each call, and repeats those that were right", async () => {
    const right = { id: "call_2", name: "handoff", arguments: "" };
    bench.mock.on({ hasToolResult: false }, { toolCalls: [...wrong.toolCalls, right] });
    bench.mock.on({ hasToolResult: true }, replies("Hello"));
    await bench.ask(request("hi"));
    const messages = requests()[1]?.["messages"] as { role: string; content: string }[];
    expect(messages.slice(-2).map(({ content }) => content)).toEqual([
      expect.stringContaining("The arguments are wrong"),
      "Not done, since another call was wrong. Call it again.",
    ]);
  });

  it("is repaired where it was cut off, and where no tool was called although one had to be", async () => {
    bench.mock.on({ userMessage: /^long/ }, { content: "And so", finishReason: "length" });
    bench.mock.on({ userMessage: /cut off at 500 tokens/ }, replies("Short"));
    bench.mock.on({ userMessage: /^hi/ }, { content: "Hello" });
    bench.mock.on({ userMessage: /called no tool/ }, replies("By tool"));
    expect(said(await bench.ask(request("long")))).toEqual([{ text: "Short" }]);
    expect(said(await bench.ask(request("hi", { toolChoice: "required" })))).toEqual([{ text: "By tool" }]);
  });

  it("twice is left to the next model, which is not told of it", async () => {
    bench.mock.on({ model: "gpt-test" }, wrong);
    bench.mock.on({ model: "second", hasToolResult: false }, replies("Hello"));
    const large = [endpoint(bench.mock.url), second()];
    expect(await bench.ask(request("hi"), { large })).toMatchObject({ kind: "commands", model: "second" });
    expect(await bench.calls()).toEqual(["gpt-test faulty", "gpt-test faulty", "second answered"]);
    expect(await bench.ask(request("hi"))).toMatchObject({ kind: "unavailable", reason: "down" });
  });
});

describe("the models of a tier", () => {
  it("are none where none is listed", async () => {
    const gateway = bench.gateway({ large: [endpoint(bench.mock.url)] });
    expect([gateway.available("large"), gateway.available("small")]).toEqual([true, false]);
    expect(await bench.ask(request("hi", { tier: "small" }))).toMatchObject({
      kind: "unavailable",
      reason: "no_model",
    });
    expect(requests()).toEqual([]);
  });

  it("are tried in their order", async () => {
    bench.mock.on({ model: "second" }, replies("from the second"));
    bench.mock.on({ model: "gpt-test" }, { error: { message: "boom", type: "server_error" }, status: 500 });
    const large = [endpoint(bench.mock.url), second()];
    expect(await bench.ask(request("hi"), { large })).toMatchObject({ kind: "commands", model: "second", costUsd: 0 });
    expect(await bench.calls()).toEqual([...Array<string>(3).fill("gpt-test server_error"), "second answered"]);
  });

  it("are loaded with the first request only", async () => {
    const { readdirSync, readFileSync } = await import("node:fs");
    const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const imports = sources.flatMap(
      (file) => readFileSync(`src/${file}`, "utf8").match(/^import (?!type ).*from "openai.*$/gm) ?? [],
    );
    expect(imports).toEqual([]);
  });
});

const classify = (text: string) => request(text, { cacheable: true, purpose: "classify" });

describe("a cacheable request", () => {
  it("is answered from an earlier answer to the same request", async () => {
    bench.mock.on({ userMessage: /hi/ }, replies("Hello"));
    const gateway = bench.gateway();
    const options = { signal: new AbortController().signal, deadlineMs: 5_000 };
    const first = await gateway.complete(classify("hi"), options);
    const again = await gateway.complete({ ...classify("hi"), conversation: 8, cacheKey: "other" }, options);
    expect(said(again)).toEqual(said(first));
    expect(again).toMatchObject({ costUsd: 0, usage: { input: 0 } });
    expect(requests()).toHaveLength(1);
    await gateway.complete(classify("hi there"), options);
    await gateway.complete({ ...classify("hi"), tools: [reply] }, options);
    await gateway.complete(request("hi"), options);
    expect(requests()).toHaveLength(4);
  });

  it("is asked again where the stored answer does not fit any more", async () => {
    bench.mock.on({}, replies("Hello"));
    await bench.ask(classify("hi"));
    await bench.query(`update model_cache set answer = '{"text":1}'`);
    await bench.ask(classify("hi"));
    expect(requests()).toHaveLength(2);
  });

  it("is not kept where the answer is not", async () => {
    bench.mock.on({}, { error: { message: "no", type: "server_error" }, status: 500 });
    await bench.ask(classify("hi"));
    expect(await bench.query("select count(*)::int as n from model_cache")).toEqual([{ n: 0 }]);
  });
});
