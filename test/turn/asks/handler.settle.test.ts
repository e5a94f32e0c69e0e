/** Writes of unknown outcome whose connector can tell what came of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallResult } from "../../../src/domain/call.ts";
import { claimAsk } from "../../../src/store/asks.ts";
import { type Bench, openBench } from "../store.ts";
import { askScene, crm, made, neverStopped, until } from "./scene.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const { ask, worker, answersOf, outcome, cancel, endLease, endFlight } = askScene(() => bench);

const write = crm("write", null, {});
const ambiguous: CallResult = { ok: false, error: { reason: "ambiguous", message: "Lost.", retryable: false } };
const timeout: CallResult = { ok: false, error: { reason: "timeout", message: "Lost.", retryable: true } };
const unmade: CallResult = { ok: false, error: { reason: "unreachable", message: "Not made.", retryable: false } };
const lost = async () => ({ result: ambiguous, uncertain: true });

describe("a write whose answer was lost", () => {
  it.each([
    ["was made", made, "succeeded"],
    ["was not made", unmade, "failed"],
  ] as const)("is settled by its read-back: %s", async (_, found, ended) => {
    const { id } = await ask();
    await worker(write, lost, { settle: async () => found })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: found }]);
    expect(await outcome(id)).toBe(ended);
  });

  it("stays unknown where nobody can tell", async () => {
    const { id } = await ask();
    await worker(write, lost, { settle: async () => null })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: ambiguous }]);
    expect(await outcome(id)).toBe("unknown");
  });

  it("is not read back without read_back:, nor after a certain answer", async () => {
    const first = await ask();
    await worker(crm("write"), lost)(first.id, neverStopped);
    expect(await outcome(first.id)).toBe("unknown");
    const second = await ask();
    await worker(write, async () => unmade)(second.id, neverStopped);
    expect(await outcome(second.id)).toBe("failed");
  });

  it("with its key is told as ambiguous, and may still be tried again with it", async () => {
    const { id } = await ask();
    await worker(crm("write", "Key"), async () => ({ result: timeout, uncertain: true }))(id, neverStopped);
    const message = "Lost. So it may or may not have taken effect.";
    expect(await answersOf(id)).toEqual([
      { result: { ok: false, error: { reason: "ambiguous", message, retryable: true } } },
    ]);
    expect(await outcome(id)).toBe("unknown");
  });
});

it("a write that was called off after it left is settled, too", async () => {
  const { id } = await ask();
  const run = worker(
    write,
    async ({ signal }) => {
      await cancel(id);
      await until(() => signal.aborted);
      return lost();
    },
    { settle: async () => made },
  );
  await run(id, neverStopped);
  expect(await answersOf(id)).toEqual([{ result: made }]);
});

it("a write whose worker died is settled by the next one", async () => {
  const { id } = await ask();
  await claimAsk(bench.db, id, { inFlightMs: 1_000, maxAttempts: 5 });
  await endLease(id);
  await endFlight(id);
  await worker(write, async () => expect.unreachable(), { settle: async () => made })(id, neverStopped);
  expect(await answersOf(id)).toEqual([{ result: made }]);
  expect(await outcome(id)).toBe("succeeded");
});

describe("a worker that is stopped", () => {
  it("before the answer leaves the question to the next one", async () => {
    const { id } = await ask();
    const stopping = new AbortController();
    const first = worker(
      write,
      async () => {
        stopping.abort();
        return lost();
      },
      { settle: async () => expect.unreachable() },
    );
    await first(id, stopping.signal);
    expect(await answersOf(id)).toEqual([]);
    await worker(write, async () => expect.unreachable(), { settle: async () => made })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: made }]);
  });

  it("while it reads back leaves it, too, also where it gave up for another", async () => {
    const { id } = await ask();
    const stop = () => {
      const stopping = new AbortController();
      const settle = async (signal: AbortSignal) => {
        stopping.abort();
        expect(signal.aborted).toBe(true);
        return null;
      };
      return worker(write, lost, { settle })(id, stopping.signal);
    };
    await stop();
    expect(await answersOf(id)).toEqual([]);
    // It was handed back as attempted, so this one gives it up.
    await stop();
    expect(await answersOf(id)).toEqual([]);
    await endLease(id);
    await worker(write, lost, { settle: async () => unmade })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: unmade }]);
  });
});
