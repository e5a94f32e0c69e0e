import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueType } from "../../../src/domain/connector-schema.ts";
import type { Procedure } from "../../../src/procedure/definition.ts";
import { openSandbox } from "../../../src/sandbox/sandbox.ts";
import { claimAsk } from "../../../src/store/asks.ts";
import type { CodeHandlerOptions } from "../../../src/turn/asks/code.ts";
import { type Bench, openBench } from "../store.ts";
import { askScene, crm, made, neverStopped } from "./scene.ts";

let bench: Bench;
const sandbox = openSandbox();
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const { rows, ask, worker, answersOf, effectOf, outcome, cancel, endLease } = askScene(() => bench);

const Offer: ValueType = {
  type: "object",
  fields: {
    kind: { value: { type: "enum", values: ["none", "discount"] }, optional: false },
    percent: { value: { type: "number" }, optional: true },
  },
};
const NOW = "2026-11-20T09:00:00.000Z";

/** The procedure “cancel” with one block, choose-offer (plan, started), that returns an Offer or another type. */
const cancelling = (source: string, returns = "Offer") =>
  ({
    id: "cancel",
    types: { Offer },
    code: { "choose-offer": { name: "choose-offer", inputs: ["plan", "started"], returns, source } },
  }) as unknown as Procedure;

const inRelease = (procedure: Procedure): CodeHandlerOptions => ({
  procedure: async (release, id) => (release === 1 && id === procedure.id ? procedure : null),
  runCode: sandbox.run,
});
const inputs = { plan: "pro", started: "2024-01-10" };
const request = { kind: "code", procedure: "cancel", block: "choose-offer", inputs, now: NOW };
const asked = (more: Record<string, unknown> = {}) => ask({ ...request, ...more });
const running = (options: CodeHandlerOptions) => worker(crm("read"), async () => made, { code: options });

const answerTo = async (source: string, { returns = "Offer", more = {} } = {}) => {
  const { id } = await asked(more);
  await running(inRelease(cancelling(source, returns)))(id, neverStopped);
  const answers = await answersOf(id);
  expect(answers).toHaveLength(1);
  return { id, result: answers[0]?.result };
};
const failed = (reason: string, message: string, name?: string) => ({
  ok: false,
  error: { reason, message, retryable: false, ...(name === undefined ? {} : { name }) },
});

describe("a code block of a procedure", () => {
  it("is answered by its result, and has no effect outside", async () => {
    const source = `return monthsBetween(started, now()) >= 12 ? { kind: "discount", percent: 30 } : { kind: "none" }`;
    const { id, result } = await answerTo(source);
    expect(result).toEqual({ ok: true, value: { kind: "discount", percent: 30 } });
    expect([await outcome(id), await effectOf(id)]).toEqual(["succeeded", null]);
  });

  it.each([
    ["number", "return 1.5", 1.5],
    ["string", "return plan", "pro"],
    ["boolean", "return plan === 'pro'", true],
    ["date", "return addDays('2026-12-31', 1)", "2027-01-01"],
    ["Offer", "return { kind: 'none', percent: null }", { kind: "none" }],
  ])("returns a %s", async (returns, source, value) => {
    expect((await answerTo(source, { returns })).result).toEqual({ ok: true, value });
  });

  it.each([
    ["return { kind: 'pause' }", "Its result is not as declared: Offer.kind is none of none, discount."],
    ["return { kind: 'none', percnt: 1 }", "Its result is not as declared: Offer.percnt is not declared."],
    ["return 1", "Its result is not as declared: Offer should be an object, but is number."],
  ])("whose result is not of its type fails: %s", async (source, message) => {
    expect((await answerTo(source)).result).toEqual(failed("bad_answer", message));
  });

  it.each([
    ["for (;;);", failed("timeout", "It took more than 250 ms.")],
    ["\nthrow new Error('No plan')", failed("bad_answer", "Line 2: No plan.", "threw")],
    ["return (", failed("bad_answer", "Line 1: unexpected token in expression: '}'.", "syntax")],
    ["return NaN", failed("bad_answer", "The result is NaN; it has to be plain JSON.", "not_json")],
  ])("that can't decide fails in words, and is not run again: %s", async (source, result) => {
    const ended = await answerTo(source);
    expect(ended.result).toEqual(result);
    expect(await outcome(ended.id)).toBe("failed");
  });

  it.each([
    [{ procedure: "refund" }, "There is no code block choose-offer of the procedure refund in this release."],
    [{ block: "other" }, "There is no code block other of the procedure cancel in this release."],
    [{ block: "constructor" }, "There is no code block constructor of the procedure cancel in this release."],
  ])("that the release does not have: %j", async (more, message) => {
    expect((await answerTo("return 1", { more })).result).toEqual(failed("bad_input", message));
  });

  it("of a type that the release does not have", async () => {
    const { result } = await answerTo("return 1", { returns: "Refund" });
    expect(result).toEqual(failed("bad_input", "There is no type Refund in this release."));
  });

  it("gives the same on a second attempt, after its worker was killed", async () => {
    const { id } = await asked();
    await claimAsk(bench.db, id, { inFlightMs: null, maxAttempts: 5 });
    await endLease(id);
    await running(inRelease(cancelling("return now()", "string")))(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: NOW } }]);
    expect(await rows("select attempts from ask where id = $1", id)).toEqual([{ attempts: 2 }]);
  });

  it("that nobody wants any more is not run", async () => {
    const { id } = await asked();
    await cancel(id);
    await running(inRelease(cancelling("return now()", "string")))(id, neverStopped);
    expect([await answersOf(id), await outcome(id)]).toEqual([[], "cancelled"]);
  });

  it("is left to the next worker by one that stops before it began", async () => {
    const { id } = await asked();
    const stop = new AbortController();
    stop.abort();
    const run = running(inRelease(cancelling("return now()", "string")));
    await run(id, stop.signal);
    expect(await answersOf(id)).toEqual([]);
    await run(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: NOW } }]);
  });
});
