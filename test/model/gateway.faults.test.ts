import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFence, moment } from "../../src/lib/fence.ts";
import {
  completion,
  type ModelCounterpart,
  type ModelScript,
  startModelCounterpart,
} from "../support/model-counterpart.ts";
import { chatRequestFaults } from "../support/openai-rules.ts";
import { endpoint, KEY, type ModelBench, openModelBench, replies, request } from "./bench.ts";

// Every fault of a server ends in another try, another model, or a plain reason; never in a throw.

let bench: ModelBench;
let server: ModelCounterpart;
beforeAll(async () => {
  bench = await openModelBench();
  server = await startModelCounterpart();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});
beforeEach(() => bench.reset());
afterEach(() => {
  bench.checkRequests();
  for (const { body } of server.requests) expect(chatRequestFaults(body)).toEqual([]);
});

const error = (status: number, code: string, more: object = {}) => ({
  status,
  body: { error: { message: `Incorrect key provided: ${KEY}. Dana wrote: my card is 4242`, type: "some_error", code } },
  ...more,
});
const hello = completion({ content: "Hello" });
const scripted = (some = {}) => endpoint(server.url, { model: "first", ...some });
const second = () => endpoint(bench.mock.url, { model: "second" });
const never = () => new AbortController().signal;

describe("a fault of the server", () => {
  it.each<[what: string, script: ModelScript, tries: string[], reason: string]>([
    ["429", error(429, "rate_limit_exceeded"), Array(3).fill("rate_limited"), "down"],
    ["429 for want of money", error(429, "insufficient_quota"), ["out_of_quota"], "down"],
    ["500", error(500, "server_error"), Array(3).fill("server_error"), "down"],
    ["a status that does not exist", error(999, "odd"), Array(3).fill("server_error"), "down"],
    ["a lost connection", "cut", Array(3).fill("disconnected (estimated)"), "down"],
    ["JSON that is cut off", { body: '{"choices": [' }, Array(3).fill("unreadable (estimated)"), "down"],
    [
      "a page",
      { headers: { "content-type": "text/html" }, body: "<h1>Hi</h1>" },
      Array(3).fill("unreadable (estimated)"),
      "down",
    ],
    ["no choices", { body: { choices: [] } }, Array(3).fill("unreadable (estimated)"), "down"],
    ["an empty answer", completion({ content: " " }), Array(3).fill("unreadable (estimated)"), "down"],
    ["no body at all", { status: 204, body: "" }, Array(3).fill("unreadable (estimated)"), "down"],
    ["a wrong key", error(401, "invalid_api_key"), ["unauthorised"], "down"],
    ["a model that it does not have", error(404, "model_not_found"), ["unauthorised"], "down"],
    ["a request that it does not take", error(400, "unsupported_parameter"), ["rejected"], "down"],
    ["a redirect", { status: 307, headers: { location: "http://10.0.0.1/" }, body: "" }, ["rejected"], "down"],
  ])("ends in the next model: %s", async (_, script, tries, reason) => {
    server.answer(script);
    bench.mock.on({}, replies("from the second"));
    expect(await bench.ask(request("hi"), { large: [scripted()] })).toMatchObject({ kind: "unavailable", reason });
    expect(await bench.ask(request("hi"), { large: [scripted(), second()] })).toMatchObject({ model: "second" });
    expect(await bench.calls()).toEqual(
      [...tries, ...tries, null].map((end) => (end === null ? "second answered" : `first ${end}`)),
    );
  });

  it.each<[what: string, script: ModelScript, outcome: string, reason: string]>([
    ["a refusal", completion({ refusal: "I can't help with that." }), "refused", "refused"],
    [
      "a content filter",
      completion({ content: "" }, { choices: [{ message: { content: "" }, finish_reason: "content_filter" }] }),
      "refused",
      "refused",
    ],
    ["a filter before the model", error(400, "content_filter"), "refused", "refused"],
    ["a context that is too long", error(400, "context_length_exceeded"), "too_long", "too_long"],
    [
      "a context that is too long, in another vendor's words",
      { status: 400, body: { error: { message: "This model's maximum context length is 4096 tokens." } } },
      "too_long",
      "too_long",
    ],
  ])("ends all tries: %s", async (_, script, outcome, reason) => {
    server.answer(script);
    const large = [scripted(), second()];
    expect(await bench.ask(request("hi"), { large })).toMatchObject({ kind: "unavailable", reason });
    expect(await bench.calls()).toEqual([`first ${outcome}`]);
  });

  it("passes with another try", async () => {
    bench.mock.on({ sequenceIndex: 0 }, { error: { message: "x", type: "server_error" }, status: 503 });
    bench.mock.on({}, replies("Hello"));
    expect(await bench.ask(request("hi"))).toMatchObject({ kind: "commands" });
    expect(await bench.calls()).toEqual(["gpt-test server_error", "gpt-test answered"]);
  });

  it.each([
    ["disconnectRate", "disconnected (estimated)"],
    ["malformedRate", "unreadable (estimated)"],
    ["rateLimitRate", "rate_limited"],
  ])("is told apart, with aimock's %s", async (rate, outcome) => {
    bench.mock.on({}, replies("Hello"));
    bench.mock.setChaos({ [rate]: 1 });
    const large = [endpoint(bench.mock.url), endpoint(server.url, { model: "second" })];
    server.answer(hello);
    expect(await bench.ask(request("hi"), { large })).toMatchObject({ model: "second" });
    expect((await bench.calls())[0]).toBe(`gpt-test ${outcome}`);
  });

  it("says neither the key, nor what the server or the customer wrote, in results and logs", async () => {
    server.answer(error(401, "invalid_api_key"));
    const result = await bench.ask(request("my card is 4242"), { large: [scripted()] });
    const written = JSON.stringify(result) + bench.logged.join("");
    expect(written).toContain("401 (some_error, invalid_api_key)");
    expect(written).not.toMatch(/4242|Dana|Incorrect key/);
    expect(written).not.toContain(KEY);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it("is no key at all where none is known", async () => {
    server.answer(hello);
    await bench.ask(request("hi"), { large: [scripted({ apiKey: null })] });
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });
});

describe("a server that is asked too often", () => {
  it("is asked again when it said", async () => {
    server.answer(error(429, "rate_limit_exceeded", { headers: { "retry-after-ms": "300" } }), hello);
    const begun = performance.now();
    expect(await bench.ask(request("hi"), { large: [scripted()] })).toMatchObject({ text: "Hello" });
    expect(performance.now() - begun).toBeGreaterThan(295);
  });

  it("is asked again after the seconds that it said", async () => {
    bench.mock.on(
      { sequenceIndex: 0 },
      { error: { message: "slow down", code: "rate_limit_exceeded" }, status: 429, retryAfter: 1 },
    );
    bench.mock.on({}, replies("Hello"));
    const begun = performance.now();
    expect(await bench.ask(request("hi"))).toMatchObject({ kind: "commands" });
    expect(performance.now() - begun).toBeGreaterThan(995);
  });

  it("rests for as long as it said, and others are asked meanwhile", async () => {
    server.answer(error(429, "rate_limit_exceeded", { headers: { "retry-after": "3600" } }));
    bench.mock.on({}, replies("Hello"));
    const gateway = bench.gateway({ large: [scripted(), second()] });
    for (let n = 0; n < 2; n++) {
      const result = await gateway.complete(request("hi"), { signal: never(), deadlineMs: 5_000 });
      expect(result).toMatchObject({ model: "second" });
    }
    expect(server.requests).toHaveLength(1);
  });
});

describe("time", () => {
  it("is bounded for each model", async () => {
    server.answer("silent");
    bench.mock.on({}, replies("Hello"));
    const large = [scripted({ timeoutMs: 200 }), second()];
    expect(await bench.ask(request("hi"), { large })).toMatchObject({ model: "second" });
    expect(await bench.calls()).toEqual(["first timeout (estimated)", "second answered"]);
  });

  it("is bounded for all of them", async () => {
    server.answer("silent");
    const gateway = bench.gateway({ large: [scripted(), second()] });
    const begun = performance.now();
    const result = await gateway.complete(request("hi"), { signal: never(), deadlineMs: 1_200 });
    expect(result).toMatchObject({ kind: "unavailable", reason: "down" });
    expect(performance.now() - begun).toBeLessThan(2_200);
    expect(await bench.calls()).toEqual(["first timeout (estimated)"]);
  });
});

describe("a request that is called off", () => {
  it("ends at once, and what it may have cost is counted", async () => {
    server.answer("silent");
    const cancelling = new AbortController();
    const gateway = bench.gateway({ large: [scripted(), second()] });
    const result = gateway.complete(request("hi"), { signal: cancelling.signal, deadlineMs: 60_000 });
    await server.requested();
    const begun = performance.now();
    cancelling.abort();
    expect(await result).toMatchObject({ kind: "unavailable", reason: "cancelled" });
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await bench.calls()).toEqual(["first cancelled (estimated)"]);
    const spent = "select cost_usd > 0 as yes from model_budget where scope = 'conversation:7'";
    expect(await bench.query(spent)).toEqual([{ yes: true }]);
  });

  it("ends while it waits for its next try", async () => {
    server.answer(error(429, "rate_limit_exceeded", { headers: { "retry-after": "15" } }));
    const cancelling = new AbortController();
    const gateway = bench.gateway({ large: [scripted()] });
    const result = gateway.complete(request("hi"), { signal: cancelling.signal, deadlineMs: 60_000 });
    await server.requested();
    setTimeout(() => cancelling.abort(), 50);
    expect(await result).toMatchObject({ kind: "unavailable" });
  });

  it("does not leave once its claim has lapsed", async () => {
    server.answer(hello);
    const fence = createFence(moment(), { leaseMs: 60_000 });
    fence.end();
    const gateway = bench.gateway({ large: [scripted()] });
    const result = await gateway.complete(request("hi"), { signal: never(), fence, deadlineMs: 5_000 });
    expect(result).toMatchObject({ kind: "unavailable", reason: "cancelled" });
    expect(server.requests).toEqual([]);
    expect(await bench.query("select sum(cost_usd) as spent from model_call")).toEqual([{ spent: null }]);
  });
});

describe("a claim that lapses once the request was reserved", () => {
  it("keeps its bytes from leaving, and nothing is counted", async () => {
    server.answer(hello);
    let asked = 0;
    const fence = { signal: never(), holds: () => asked++ === 0 };
    const gateway = bench.gateway({ large: [scripted()] });
    const result = await gateway.complete(request("hi"), { signal: never(), fence, deadlineMs: 5_000 });
    expect(result).toMatchObject({ kind: "unavailable", reason: "cancelled" });
    expect(server.requests).toEqual([]);
    expect(await bench.query("select outcome, cost_usd from model_call")).toEqual([
      { outcome: "cancelled", cost_usd: 0 },
    ]);
  });
});

describe("a server that is down", () => {
  it("is left alone for a while after five faults in a row", async () => {
    server.answer("cut");
    bench.mock.on({}, replies("Hello"));
    const gateway = bench.gateway({ large: [scripted()] });
    const both = bench.gateway({ large: [scripted(), second()] });
    for (let n = 0; n < 3; n++) await gateway.complete(request("hi"), { signal: never(), deadlineMs: 5_000 });
    expect(server.requests).toHaveLength(5);
    expect(gateway.available("large")).toBe(false);
    expect(both.available("large")).toBe(true);
    const text = await bench.metrics.text();
    expect(text).toContain('frontdesk_model_calls_total{model="first",outcome="paused"}');
  });

  it("is not asked where its address is on our own network and no admin named it", async () => {
    server.answer(hello);
    const large = [scripted({ allowPrivate: false })];
    expect(await bench.ask(request("hi"), { large })).toMatchObject({ kind: "unavailable", reason: "down" });
    expect(server.requests).toEqual([]);
    expect(await bench.calls()).toEqual(["first forbidden"]);
  });
});

/** The fields of each request in which servers differ. */
const keys = () =>
  server.requests.map(({ body }) => Object.keys(body as object).filter((key) => /^max|cache/.test(key)));

describe("a server that does not know a field", () => {
  const mistral = {
    status: 422,
    body: {
      object: "error",
      message: {
        detail: ["prompt_cache_key", "max_tokens"].map((field) => ({ type: "extra_forbidden", loc: ["body", field] })),
      },
    },
  };
  it("is asked without it from then on", async () => {
    server.answer(mistral, hello);
    const gateway = bench.gateway({ large: [scripted()] });
    for (let n = 0; n < 2; n++)
      expect(await gateway.complete(request("hi"), { signal: never(), deadlineMs: 5_000 })).toMatchObject({
        text: "Hello",
      });
    const plain = ["max_completion_tokens"];
    expect(keys()).toEqual([["max_tokens", "prompt_cache_key"], plain, plain]);
  });

  it("that refuses the other one too is left to the next model", async () => {
    server.answer({ status: 400, body: { error: { message: "max_tokens and max_completion_tokens are too high" } } });
    expect(await bench.ask(request("hi"), { large: [scripted()] })).toMatchObject({ reason: "down" });
    expect(await bench.calls()).toEqual(["first rejected", "first rejected"]);
  });
});
