import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConnectorManifest } from "../../src/domain/connector-schema.ts";
import { answerAsk, claimAsk } from "../../src/store/asks.ts";
import type { Db } from "../../src/store/db.ts";
import { findWaiting } from "../../src/store/sweep.ts";
import { createAskHandlers } from "../../src/turn/ask-handlers.ts";
import type { CallResult } from "../../src/workflow/run.ts";
import { type Bench, log, meter, openBench } from "./store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

const manifest = (kind: "read" | "write", idempotencyHeader: string | null): ConnectorManifest =>
  ({ id: "crm", operations: { get: { kind, idempotencyHeader } } }) as unknown as ConnectorManifest;

async function asked(): Promise<{ id: string; conversation: number }> {
  const conversation = await bench.message(`ask ${Math.random()}`, "hello");
  const id = `ask.${conversation}`;
  const request = { kind: "call", connector: "crm", operation: "get", input: {}, timeoutMs: null, key: id };
  await rows(
    "insert into ask (id, conversation, request, release) values ($1, $2, $3, 1)",
    id,
    conversation,
    JSON.stringify(request),
  );
  return { id, conversation };
}

function answerer(
  of: ConnectorManifest,
  call: () => Promise<CallResult>,
  { db = bench.open(), connector = async () => of }: { db?: Db; connector?: () => Promise<ConnectorManifest> } = {},
) {
  return createAskHandlers({
    db,
    lanes: bench.lanes,
    log,
    meter,
    connector,
    call,
    fetch: async () => {
      throw new Error("Nothing is fetched here");
    },
  });
}
const answersOf = (id: string) =>
  rows<{ result: CallResult }>("select payload->'result' as result from event where dedupe = $1", `answer:${id}`);
const made = async (): Promise<CallResult> => ({ ok: true, value: "made" });
const unreadable = () => Promise.reject(new Error("The release could not be read"));
/** Of a worker that nobody stops. */
const never = new AbortController().signal;

describe("an ask", () => {
  it("of a kind that only a newer version knows is left to it", async () => {
    const { id } = await asked();
    await rows("update ask set request = jsonb_build_object('kind', 'model') where id = $1", id);
    await expect(answerer(manifest("read", null), made)(id, never)).rejects.toThrow("knows no ask of the kind “model”");
    expect(await answersOf(id)).toEqual([]);
    expect(await rows("select attempts from ask where id = $1", id)).toEqual([{ attempts: 0 }]);
  });

  it("that can't be read is answered so, with the field that is wrong, and its conversation goes on", async () => {
    const { id, conversation } = await asked();
    await rows("update ask set request = jsonb_build_object('kind', 'call', 'connector', 7) where id = $1", id);
    await answerer(manifest("read", null), made)(id, never);
    const [answered] = await answersOf(id);
    expect(answered?.result).toMatchObject({
      ok: false,
      error: { reason: "bad_input", message: expect.stringMatching(/can't be read: [^]*connector/), retryable: false },
    });
    expect(bench.wakes).toContain(`turn ${conversation}`);
  });

  // T3
  it("is run by one worker, however many are woken, and its answer wakes the conversation", async () => {
    const { id, conversation } = await asked();
    let calls = 0;
    const call = async (): Promise<CallResult> => ({ ok: true, value: ++calls });
    const workers = [0, 1, 2, 3].map(() => answerer(manifest("read", null), call));
    await Promise.all(workers.map((run) => run(id, never)));
    expect(calls).toBe(1);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: 1 } }]);
    expect(bench.wakes).toContain(`turn ${conversation}`);
  });

  // T5
  it("is answered once: the second answer changes nothing", async () => {
    const { id, conversation } = await asked();
    const both = [1, 2].map((value) => answerAsk(bench.db, id, { result: { ok: true, value }, tookMs: 1 }));
    const woken = await Promise.all(both);
    expect(woken.filter((one) => one !== null)).toEqual([conversation]);
    expect(await answersOf(id)).toHaveLength(1);
  });

  it.each([
    ["a read", "read", null, { ok: true, value: "again" }],
    ["a write that carries its key", "write", "Idempotency-Key", { ok: true, value: "again" }],
    ["a write that could happen twice", "write", null, { ok: false, error: { reason: "ambiguous", retryable: false } }],
  ] as const)("of a worker that was killed is found by the sweep: %s", async (_, kind, header, result) => {
    const { id } = await asked();
    await claimAsk(bench.db, id);
    const run = answerer(manifest(kind, header), async () => ({ ok: true, value: "again" }));
    await run(id, never);
    // While the lease holds the other one is believed alive.
    expect(await answersOf(id)).toEqual([]);
    await rows("update ask set lease_until = now() - interval '1 second' where id = $1", id);
    expect((await findWaiting(bench.db, 0, { conversations: [], asks: [] })).asks).toContain(id);
    await run(id, never);
    expect(await answersOf(id)).toMatchObject([{ result }]);
  });

  it("keeps its lease for as long as it is worked on", async () => {
    const { id } = await asked();
    let finish: (() => void) | undefined;
    const slow = answerer(
      manifest("read", null),
      () => new Promise((resolve) => (finish = () => resolve({ ok: true, value: "slow" }))),
    );
    const running = slow(id, never);
    const lease = "select lease_until from ask where id = $1";
    while ((await rows<{ lease_until: Date | null }>(lease, id))[0]?.lease_until == null);
    const [first] = await rows<{ lease_until: Date }>(lease, id);
    const renewed = async () =>
      (await rows<{ lease_until: Date }>(lease, id))[0]?.lease_until.getTime() !== first?.lease_until.getTime();
    while (!(await renewed()));
    expect(await claimAsk(bench.open(), id)).toBeNull();
    finish?.();
    await running;
    expect(await answersOf(id)).toHaveLength(1);
  });

  // T3: postgres away for longer than a lease must not make a call whose answer is known an unknown one.
  it("keeps its lease until its answer is stored", async () => {
    const { id } = await asked();
    const own = bench.open();
    let away = true;
    const db: Db = {
      ...own,
      run: async <Row>(statement: Parameters<Db["run"]>[0], values: readonly unknown[]) => {
        if (away && statement.name === "answer_ask") throw Object.assign(new Error("…"), { code: "57P01" });
        return own.run<Row>(statement, values);
      },
    };
    let called: (() => void) | undefined;
    const calling = new Promise<void>((done) => (called = done));
    const call = async (): Promise<CallResult> => {
      called?.();
      return { ok: true, value: "known" };
    };
    const running = answerer(manifest("write", null), call, { db })(id, never);
    await calling;
    await rows("update ask set lease_until = now() + interval '1 minute' where id = $1", id);
    const renewed = "select lease_until < now() + interval '30 seconds' as ok from ask where id = $1";
    const deadline = performance.now() + 5_000;
    while ((await rows<{ ok: boolean }>(renewed, id))[0]?.ok !== true) expect(performance.now()).toBeLessThan(deadline);
    away = false;
    await running;
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: "known" } }]);
  });

  it("is not marked as tried where its connector could not be looked up", async () => {
    const { id } = await asked();
    await expect(answerer(manifest("write", null), made, { connector: unreadable })(id, never)).rejects.toThrow(
      "could not be read",
    );
    await answerer(manifest("write", null), made)(id, never);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: "made" } }]);
  });
});

/** What is journalled when the process stops while `result` is on its way. */
async function stopped(of: ConnectorManifest, result: CallResult) {
  const { id } = await asked();
  const stop = new AbortController();
  await answerer(of, async () => {
    stop.abort();
    return result;
  })(id, stop.signal);
  return { id, answers: await answersOf(id) };
}

describe("a worker that is stopped during a call", () => {
  const calledOff: CallResult = { ok: false, error: { reason: "timeout", message: "Called off.", retryable: true } };
  const ambiguous: CallResult = { ok: false, error: { reason: "ambiguous", message: "Called off.", retryable: false } };
  const found: CallResult = { ok: true, value: 1 };
  const refused: CallResult = { ok: false, error: { reason: "not_found", message: "None.", retryable: false } };

  it.each([
    ["a read", manifest("read", null)],
    ["a write that carries its key", manifest("write", "Idempotency-Key")],
  ])("leaves %s to the next one", async (_, of) => {
    const { id, answers } = await stopped(of, calledOff);
    expect(answers).toEqual([]);
    await rows("update ask set lease_until = now() - interval '1 second' where id = $1", id);
    await answerer(of, async () => ({ ok: true, value: "done" }))(id, never);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: "done" } }]);
  });

  it.each([
    ["that a write may have been made", manifest("write", null), ambiguous],
    ["what the system did say", manifest("read", null), refused],
    ["what came back all the same", manifest("read", null), found],
  ])("journals %s", async (_, of, result) => {
    expect((await stopped(of, result)).answers).toEqual([{ result }]);
  });
});
