import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/store/db.ts";
import { completion, type ModelCounterpart, startModelCounterpart } from "../support/model-counterpart.ts";
import { endpoint, type GatewayOptions, type ModelBench, openModelBench, request } from "./bench.ts";

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
beforeEach(async () => {
  await bench.reset();
  server.answer(completion({ content: "Hello" }, { usage: { prompt_tokens: 300, completion_tokens: 50 } }));
});

/** A dollar for a thousand tokens of output: each request of `small` reserves half a dollar, and uses a twentieth. */
const PRICE = { input: 0, cached: 0, output: 1_000 };
const CHILD = fileURLToPath(new URL("killed-child.ts", import.meta.url));
const priced = (some = {}) => endpoint(server.url, { model: "priced", price: PRICE, ...some });
const options = (limits: GatewayOptions["limits"]): GatewayOptions => ({
  large: [priced()],
  ...(limits === undefined ? {} : { limits }),
});

const inRun = (run: string) => request("hi", { procedure: { id: "cancel", run, costUsd: 0.52 } });

/** The database, with the most of its connections that were wanted for transactions at once. */
function countingDb(): { db: Db; most: () => number } {
  const { pool } = bench.db;
  let held = 0;
  let most = 0;
  const connect = async () => {
    most = Math.max(most, ++held);
    const client = await pool.connect();
    const release = client.release.bind(client);
    client.release = (broken) => {
      held--;
      release(broken);
    };
    return client;
  };
  return { db: { ...bench.db, pool: Object.assign(Object.create(pool), { connect }) as Db["pool"] }, most: () => most };
}

describe("a budget", () => {
  it.each<[scope: string, limits: GatewayOptions["limits"], message: string]>([
    ["day", { costPerDayUsd: 0.52 }, "Today's budget for models is used up (limits: cost_per_day_usd 0.52"],
    ["conversation", { costPerConversationUsd: 0.52 }, "The conversation's budget for models is used up"],
    ["tokens of the day", { tokensPerDay: 800 }, "Today's budget for models is used up"],
  ])("keeps a request from leaving: %s", async (_, limits, message) => {
    expect(await bench.ask(request("hi"), options(limits))).toMatchObject({ kind: "commands" });
    const denied = await bench.ask(request("hi"), options(limits));
    expect(denied).toEqual({ kind: "unavailable", reason: "budget", message: expect.stringContaining(message) });
    expect(server.requests).toHaveLength(1);
  });

  it("of a procedure holds for its run", async () => {
    expect(await bench.ask(inRun("a"), options({}))).toMatchObject({ kind: "commands", costUsd: 0.05 });
    const message = "The budget of the procedure cancel is used up (limits: cost_usd 0.52).";
    expect(await bench.ask(inRun("a"), options({}))).toMatchObject({ reason: "budget", message });
    expect(await bench.ask(inRun("b"), options({}))).toMatchObject({ kind: "commands" });
  });

  it("that is used up leaves models whose price is not known", async () => {
    const large = [priced(), endpoint(server.url, { model: "local", price: null })];
    const limits = { costPerDayUsd: 0 };
    expect(await bench.ask(request("hi"), { large, limits })).toMatchObject({ model: "local", costUsd: 0 });
    expect(await bench.query("select cost_usd, output_tokens from model_call")).toEqual([
      { cost_usd: null, output_tokens: 50 },
    ]);
  });

  it("is shared: many requests at once reserve no more than it", async () => {
    server.answer("silent");
    const gateway = bench.gateway({ ...options({ costPerDayUsd: 2.1 }), large: [priced({ timeoutMs: 1_500 })] });
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        gateway.complete(request("hi", { conversation: n }), {
          signal: new AbortController().signal,
          deadlineMs: 9_000,
        }),
      ),
    );
    const reasons = all.map((result) => (result.kind === "unavailable" ? result.reason : result.kind));
    expect(reasons.filter((reason) => reason === "down")).toHaveLength(4);
    expect(reasons.filter((reason) => reason === "budget")).toHaveLength(8);
    expect(server.requests).toHaveLength(4);
  });

  it("is asked for over two connections, however many requests come, and all of them leave", async () => {
    const many = 60;
    const answering = new AbortController();
    server.answer({ ...completion({ content: "Hello" }), when: once(answering.signal, "abort") });
    const { db, most } = countingDb();
    const gateway = bench.gateway({ ...options({}), db });
    const all = Array.from({ length: many }, (_, n) =>
      gateway.complete(request("hi", { conversation: n }), {
        signal: new AbortController().signal,
        deadlineMs: 20_000,
      }),
    );
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(many);
    answering.abort();
    expect((await Promise.all(all)).every(({ kind }) => kind === "commands")).toBe(true);
    expect(most()).toBe(2);
  });

  it("counts what the server did not say at its reservation", async () => {
    server.answer(completion({ content: "Hello" }, { usage: null }));
    expect(await bench.ask(request("hi"), options({}))).toMatchObject({ kind: "commands", costUsd: 0.5 });
    expect(await bench.calls()).toEqual(["priced answered (estimated)"]);
  });

  it("has the reservation of a killed process until it expires", async () => {
    server.answer("silent");
    const child = spawn(process.execPath, ["--import", "tsx", CHILD, bench.url, server.url]);
    await server.requested();
    child.kill("SIGKILL");
    const limits = { costPerDayUsd: 0.6 };
    expect(await bench.ask(request("hi"), options(limits))).toMatchObject({ reason: "budget" });
    await bench.query("update model_call set expires_at = now() - interval '1 second' where outcome is null");
    server.answer(completion({ content: "Hello" }));
    expect(await bench.ask(request("hi"), options(limits))).toMatchObject({ kind: "commands" });
  });
});
