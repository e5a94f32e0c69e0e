import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type BudgetLimits,
  type CallReservation,
  type CallUse,
  reserveCall,
  settleCall,
} from "../../src/store/model-calls.ts";
import { pruneRows } from "../../src/store/prune.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => query("truncate model_call, model_budget"));

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

const NONE = { costUsd: null, tokens: null };
const limits = (some: Partial<BudgetLimits>): BudgetLimits => ({
  day: NONE,
  conversation: NONE,
  procedure: NONE,
  ...some,
});
const call = (some: Partial<CallReservation> = {}): CallReservation => ({
  conversation: 1,
  procedure: { id: "cancel", run: "e1.0" },
  purpose: "turn",
  tier: "large",
  model: "gpt-4.1",
  costUsd: 0.1,
  tokens: 1_000,
  expiresMs: 60_000,
  ...some,
});
const use = (some: Partial<CallUse> = {}): CallUse => ({
  outcome: "answered",
  inputTokens: 400,
  cachedTokens: 100,
  outputTokens: 50,
  costUsd: 0.02,
  estimated: false,
  tookMs: 12.6,
  ...some,
});

async function reserved(some: Partial<CallReservation>, within: BudgetLimits): Promise<number> {
  const made = await reserveCall(bench.db, call(some), within);
  if (made.kind === "denied") throw new Error(`The budget of the ${made.scope} is used up`);
  return made.call;
}

describe("a reservation", () => {
  it.each<[scope: string, limit: Partial<BudgetLimits>, others: Partial<CallReservation>, held: boolean]>([
    ["conversation", { conversation: { costUsd: 0.25, tokens: null } }, {}, true],
    ["conversation", { conversation: { costUsd: null, tokens: 2_500 } }, {}, true],
    ["conversation", { conversation: { costUsd: 0.25, tokens: null } }, { conversation: 2 }, false],
    ["day", { day: { costUsd: 0.25, tokens: null } }, { conversation: 2 }, true],
    ["day", { day: { costUsd: null, tokens: 2_500 } }, { conversation: 2 }, true],
    ["procedure", { procedure: { costUsd: 0.25, tokens: null } }, {}, true],
    ["procedure", { procedure: { costUsd: 0.25, tokens: null } }, { procedure: { id: "cancel", run: "e9.0" } }, false],
    ["procedure", { procedure: { costUsd: 0.25, tokens: null } }, { procedure: null }, false],
  ])("counts towards the %s: %j, others %j", async (scope, limit, others, held) => {
    await reserved(others, limits({}));
    await reserved(others, limits({}));
    const third = await reserveCall(bench.db, call(), limits(limit));
    expect(third).toMatchObject(held ? { kind: "denied", scope } : { kind: "reserved" });
  });

  it("is never made twice over: many at once, from two processes, stay within the limit", async () => {
    const other = bench.open();
    const within = limits({ day: { costUsd: 1.05, tokens: null } });
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        reserveCall(n % 2 === 0 ? bench.db : other, call({ conversation: n }), within),
      ),
    );
    expect(all.filter(({ kind }) => kind === "reserved")).toHaveLength(10);
    expect(await query("select sum(reserved_usd)::float8 <= 1.05 as within from model_call")).toEqual([
      { within: true },
    ]);
  });

  it("stays within the limit while others are settled", async () => {
    const other = bench.open();
    const within = limits({ day: { costUsd: 1, tokens: null } });
    const one = async (n: number): Promise<void> => {
      const db = n % 2 === 0 ? bench.db : other;
      const made = await reserveCall(db, call({ conversation: n % 5, costUsd: 0.2 }), within);
      if (made.kind === "reserved") await settleCall(db, made.call, use({ costUsd: 0.2 }));
    };
    await Promise.all(Array.from({ length: 80 }, (_, n) => one(n)));
    expect(await query("select cost_usd::numeric(6,2) as cost from model_budget where conversation is null")).toEqual([
      { cost: "1.00" },
    ]);
  });

  it("without a known cost is limited by its tokens only", async () => {
    const spent = limits({ day: { costUsd: 0, tokens: 1_500 } });
    expect(await reserveCall(bench.db, call({ costUsd: 0 }), spent)).toMatchObject({ kind: "reserved" });
    expect(await reserveCall(bench.db, call({ costUsd: 0 }), spent)).toMatchObject({ kind: "denied", scope: "day" });
  });

  it("of a process that died is given back after its time, and is marked as lost", async () => {
    const within = limits({ conversation: { costUsd: 0.15, tokens: null } });
    await reserved({ expiresMs: 300 }, within);
    expect(await reserveCall(bench.db, call(), within)).toMatchObject({ kind: "denied" });
    await vi.waitFor(
      async () => expect(await reserveCall(bench.db, call(), within)).toMatchObject({ kind: "reserved" }),
      {
        timeout: 5_000,
      },
    );
    await pruneRows(bench.db);
    expect(await query("select outcome from model_call order by id")).toEqual([{ outcome: "lost" }, { outcome: null }]);
  });
});

describe("a settled call", () => {
  it("counts what it used instead of what it reserved", async () => {
    const within = limits({ conversation: { costUsd: 0.15, tokens: null } });
    const id = await reserved({}, within);
    await settleCall(bench.db, id, use());
    await reserved({}, within);
    expect(await query("select scope, cost_usd as cost, tokens::int from model_budget where conversation = 1")).toEqual(
      [
        { scope: "conversation:1", cost: 0.02, tokens: 450 },
        { scope: "procedure:1:e1.0", cost: 0.02, tokens: 450 },
      ],
    );
    expect(
      await query("select procedure, purpose, model, outcome, took_ms from model_call where id = $1", [id]),
    ).toEqual([{ procedure: "cancel", purpose: "turn", model: "gpt-4.1", outcome: "answered", took_ms: 13 }]);
  });

  it("is settled once, also when it was given up for lost before", async () => {
    const id = await reserved({ expiresMs: 0 }, limits({}));
    await pruneRows(bench.db);
    for (let n = 0; n < 2; n++) await settleCall(bench.db, id, use());
    expect(await query("select cost_usd as cost from model_budget where scope = 'conversation:1'")).toEqual([
      { cost: 0.02 },
    ]);
    expect(await query("select outcome from model_call")).toEqual([{ outcome: "answered" }]);
  });

  it("counts towards the day on which it was made", async () => {
    const id = await reserved({}, limits({}));
    await query("update model_call set at = '2026-03-01T23:59:59Z' where id = $1", [id]);
    await settleCall(bench.db, id, use());
    expect(await query("select scope from model_budget where conversation is null and cost_usd > 0")).toEqual([
      { scope: "day:2026-03-01" },
    ]);
  });
});
