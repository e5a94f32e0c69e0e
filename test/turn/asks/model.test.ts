/** Asks of a model, from their row to the journal, with a server that speaks OpenAI's API. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ModelResult } from "../../../src/domain/model.ts";
import { DEFAULT_MODEL_LIMITS } from "../../../src/domain/model-settings.ts";
import { createGateway } from "../../../src/model/gateway.ts";
import { claimAsk } from "../../../src/store/asks.ts";
import { findWaiting } from "../../../src/store/sweep.ts";
import type { CompleteRequest } from "../../../src/turn/asks/model.ts";
import type { AskRequest } from "../../../src/turn/core/ask.ts";
import { endpoint, resolvedOf } from "../../model/bench.ts";
import { cancelSubscription, DANA, operation, standing } from "../../procedure/prompt/scene.ts";
import { completion, type ModelCounterpart, startModelCounterpart } from "../../support/model-counterpart.ts";
import { chatRequestFaults } from "../../support/openai-rules.ts";
import { type Bench, log, meter, openBench } from "../store.ts";
import { type AskedOf, askScene, crm, made, neverStopped } from "./scene.ts";

let bench: Bench;
let server: ModelCounterpart;
beforeAll(async () => {
  [bench, server] = await Promise.all([openBench(), startModelCounterpart()]);
});
afterAll(async () => {
  await Promise.all([bench[Symbol.asyncDispose](), server[Symbol.asyncDispose]()]);
});
beforeEach(() => server.answer("silent"));

const { rows, ask, worker, answersOf, outcome, endLease, cancel } = askScene(() => bench);
const procedure = { ...cancelSubscription(), version: "0123456789abcdef0123" };
const release = { id: 1, procedures: [procedure], operation, voice: "We are Acme." };

interface ModelWorker {
  promptRelease?: () => Promise<typeof release | null>;
  timeoutMs?: number;
}

interface ModelWorker {
  promptRelease?: () => Promise<typeof release | null>;
  timeoutMs?: number;
}

/** A worker with a gateway of its own. */
function modelWorker({ promptRelease = async () => release, timeoutMs = 5_000 }: ModelWorker = {}) {
  const resolved = resolvedOf("large", [endpoint(server.url, { timeoutMs, price: null })]);
  const models = () => ({ resolved, limits: DEFAULT_MODEL_LIMITS });
  const gateway = createGateway({ db: bench.db, log, meter, models, chance: () => 0 });
  const complete: CompleteRequest = (request, options) => gateway.complete(request, options);
  return worker(crm("read"), async () => made, { db: bench.db, model: { promptRelease, complete } });
}

/** Stores an ask of a model, in a conversation in which the customer wrote "hello". */
async function askModel(): Promise<AskedOf> {
  const asked = await ask();
  const request: AskRequest<"model"> = {
    kind: "model",
    runId: "e1.0",
    run: {
      stack: [standing(procedure)],
      heard: ["hello"],
      exchange: [],
      pending: null,
      verified: false,
      replies: [],
      counted: {},
      used: [],
    },
    facts: {
      contact: DANA,
      conversation: { id: asked.conversation, channel: "chat", tags: [] },
      verified: true,
      now: "2026-11-20T09:00:00Z",
      languages: ["en"],
    },
    channel: { name: "chat", maxCharacters: 2_000, markdown: false },
    until: Number.MAX_SAFE_INTEGER,
  };
  await rows("update ask set request = $2 where id = $1", asked.id, JSON.stringify(request));
  return asked;
}

const calls = (...tools: readonly (readonly [string, unknown])[]) =>
  completion({
    tool_calls: tools.map(([name, args], n) => ({
      id: `call_${n}`,
      type: "function",
      function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
    })),
  });
const asksWhy = calls(["go", { step: "understand" }], ["ask", { field: "cancel_reason" }]);
const whyCommands = [
  { kind: "go", step: "understand" },
  { kind: "ask", field: "cancel_reason" },
];

describe("an ask of a model", () => {
  it("is answered with commands, on a prompt that holds the conversation", async () => {
    server.answer(asksWhy);
    const { id, conversation } = await askModel();
    await modelWorker()(id, neverStopped);
    expect(await answersOf(id)).toEqual([
      {
        result: {
          ok: true,
          value: {
            commands: whyCommands,
            model: "gpt-test",
            costUsd: 0,
            tokens: { input: 1_000, cached: 0, output: 20 },
          },
        },
      },
    ]);
    expect(bench.wakes).toContain(`turn ${conversation}`);
    const [request] = server.requests;
    expect(chatRequestFaults(request?.body)).toEqual([]);
    expect(request?.body).toMatchObject({
      prompt_cache_key: "cancel-subscription.0123456789abcdef",
      messages: [
        { role: "system", content: expect.stringContaining("We are Acme.") },
        { role: "user", content: expect.stringMatching(/^<<customer \w+\nhello\n/) },
        { role: "user", content: expect.stringContaining("Step: understand (Understand)") },
      ],
    });
    expect(
      await rows("select procedure, run, purpose, tier from model_call where conversation = $1", conversation),
    ).toEqual([{ procedure: "cancel-subscription", run: "e1.0", purpose: "turn", tier: "large" }]);
  });

  it("is answered with a reply where the model calls no tool", async () => {
    server.answer(completion({ content: "Hello Dana." }));
    const { id } = await askModel();
    await modelWorker()(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([
      { result: { ok: true, value: { commands: [{ kind: "reply", text: "Hello Dana." }] } } },
    ]);
  });

  it.each([
    ["arguments that do not fit", ["ask", { field: "sub" }]],
    ["arguments that are no JSON", ["ask", '{"field":']],
    ["a tool that does not exist", ["refund_all", {}]],
  ] as const)("is repaired once: %s", async (_, wrong) => {
    server.answer(calls(wrong), asksWhy);
    const { id } = await askModel();
    await modelWorker()(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([{ result: { ok: true, value: { commands: whyCommands } } }]);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ["is wrong twice", calls(["refund_all", {}]), "unreachable", /was wrong again/],
    [
      "calls too many tools",
      calls(...Array.from({ length: 21 }, () => ["cancel", {}] as const)),
      "bad_answer",
      /at most 20/,
    ],
    ["declines", completion({ refusal: "No." }), "refused", /declined/],
    ["can't be reached", { status: 401, body: { error: { message: "bad key" } } }, "unreachable", /gpt-test/],
  ] as const)("has an answer too where the model %s", async (_, script, reason, message) => {
    server.answer(script);
    const { id } = await askModel();
    await modelWorker()(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([
      { result: { ok: false, error: { reason, message: expect.stringMatching(message), retryable: false } } },
    ]);
    expect(await outcome(id)).toBe("failed");
  });

  it("has an answer too where its release can't be loaded any more", async () => {
    const { id } = await askModel();
    await modelWorker({ promptRelease: async () => null })(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([{ result: { ok: false, error: { reason: "not_found" } } }]);
  });
});

describe("a model", () => {
  it("is not asked again once its answer came", async () => {
    server.answer(asksWhy);
    const { id } = await askModel();
    await Promise.all([modelWorker()(id, neverStopped), modelWorker()(id, neverStopped)]);
    await modelWorker()(id, neverStopped);
    expect(server.requests).toHaveLength(1);
    expect(await answersOf(id)).toHaveLength(1);
  });

  it("is asked again where the process that asked it died", async () => {
    server.answer(asksWhy);
    const { id } = await askModel();
    await claimAsk(bench.db, id, { inFlightMs: null, maxAttempts: 3 });
    await endLease(id);
    await modelWorker()(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([{ result: { ok: true } }]);
  });

  it("is asked again where its request was held back, and the claim holds after all", async () => {
    const { id } = await askModel();
    const held = { kind: "unavailable", reason: "cancelled", message: "The request was called off." } as const;
    const answers: ModelResult[] = [held, held];
    const complete: CompleteRequest = async () =>
      answers.shift() ?? { ...held, reason: "down", message: "It is down." };
    await worker(crm("read"), async () => made, { model: { promptRelease: async () => release, complete } })(
      id,
      neverStopped,
    );
    expect(answers).toEqual([]);
    expect(await answersOf(id)).toMatchObject([{ result: { ok: false, error: { message: "It is down." } } }]);
  });

  // E4
  it("is not waited for when its answer is not wanted any more", async () => {
    const { id } = await askModel();
    const running = modelWorker()(id, neverStopped);
    await server.requested();
    await cancel(id);
    await running;
    expect(await outcome(id)).toBe("cancelled");
    expect(await answersOf(id)).toMatchObject([{ result: { ok: false, error: { reason: "cancelled" } } }]);
  });

  it("is left to the next process when this one stops", async () => {
    const { id } = await askModel();
    const stop = new AbortController();
    const running = modelWorker()(id, stop.signal);
    await server.requested();
    stop.abort();
    await running;
    expect(await answersOf(id)).toEqual([]);
    server.answer(asksWhy);
    await modelWorker()(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([{ result: { ok: true } }]);
  });
});

// G8, E5
describe("500 conversations that wait for a slow model", () => {
  it("keep no call of a connector waiting, and are all answered when it answers", { timeout: 120_000 }, async () => {
    let answer: (() => void) | undefined;
    const when = new Promise<void>((resolve) => (answer = resolve));
    server.answer({ ...asksWhy, when });
    const waiting = await Promise.all(Array.from({ length: 500 }, askModel));
    const run = modelWorker({ timeoutMs: 110_000 });
    const ids = waiting.map(({ id }) => id);
    for (const id of ids) void run(id, neverStopped);
    const claimed = "select count(*)::int as n from ask where id = any($1) and attempted_at is not null";
    // As the sweep does: on a busy machine some claims lapse before their request left.
    const sweep = async () => {
      const found = await findWaiting(bench.db, { idleMs: 0 });
      for (const { id } of found.asks) void run(id, neverStopped);
      return (await rows<{ n: number }>(claimed, ids))[0]?.n;
    };
    await expect.poll(sweep, { timeout: 60_000, interval: 500 }).toBe(500);
    const call = await ask();
    await run(call.id, neverStopped);
    expect(await answersOf(call.id)).toEqual([{ result: made }]);
    answer?.();
    const outcomes =
      "select coalesce(outcome, 'waits') as outcome, count(*)::int as n from ask where id = any($1) group by 1";
    const settled = async () => (await sweep(), rows(outcomes, ids));
    await expect.poll(settled, { timeout: 60_000, interval: 500 }).toEqual([{ outcome: "succeeded", n: 500 }]);
  });
});
