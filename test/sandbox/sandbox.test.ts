import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { openThread } from "../../src/sandbox/open-thread.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";

const sandbox = openSandbox();
afterAll(() => sandbox[Symbol.asyncDispose]());

const NOW = "2026-11-20T09:00:00.000Z";
type Options = NonNullable<Parameters<typeof sandbox.run>[1]>;
const run = (source: string, inputs: Record<string, unknown> = {}, options: Options = {}) =>
  sandbox.run({ source, inputs, inputNames: Object.keys(inputs), now: NOW }, options);
const value = (given: unknown) => ({ ok: true, value: given });
const fault = (kind: string, message: unknown = expect.any(String)) => ({ ok: false, fault: { kind, message } });
const timeout = fault("timeout", "It took more than 250 ms.");
const memory = fault("memory", "It needed more than 16 MB, with what its engine needs.");

describe("a block", () => {
  it.each([
    ["pro", "too_expensive", { kind: "discount", percent: 30, months: 3 }],
    ["pro", "other", { kind: "pause", months: 1 }],
    ["enterprise", "too_expensive", { kind: "none" }],
  ])("decides on its inputs: %s, %s", async (plan, cancel_reason, offer) => {
    const source = `
      const months = monthsBetween(sub.started_at, now());
      if (sub.plan === "enterprise") return { kind: "none" };
      if (cancel_reason === "too_expensive" && months >= 12) return { kind: "discount", percent: 30, months: 3 };
      return { kind: "pause", months: 1 }; // the default`;
    expect(await run(source, { sub: { plan, started_at: "2024-01-10" }, cancel_reason })).toEqual(value(offer));
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ["return { a: undefined, b: [null, true, -1.5, 'é'] }", {}, { b: [null, true, -1.5, "é"] }],
    ["return text", { text: "a\u0000b \ud83d\ude00 \ud800" }, "a\u0000b \ud83d\ude00 \ud800"],
    ["return [...new Set([1, 1, 2])].map((n) => n * 2)", {}, [2, 4]],
    ["const { a, ...rest } = { a: 1, b: 2 }; return { ...rest, c: [...'ab'] }", {}, { b: 2, c: ["a", "b"] }],
    ["return /(?<year>\\d{4})/.exec(text).groups.year", { text: "in 2026" }, "2026"],
    ["return missing", { missing: undefined }, null],
    ["return this === undefined", {}, true],
    [
      "return `${round(1.005, 2)} ${formatMoney(9.5, 'EUR', 'de')} ${addDays('2026-12-31', 1)}`",
      {},
      "1.01 9,50 € 2027-01-01",
    ],
    ["list.push(1); list.own = list.length; return list", { list: [] }, [1]],
    ["return 'x'.repeat(15998)", {}, "x".repeat(15_998)],
  ])("%s", async (source, inputs, result) => {
    expect(await run(source, inputs)).toEqual(value(result));
  });

  it("leaves the values that it was given as they are", async () => {
    const sub = { tags: ["a"] };
    expect(await run("sub.tags.push('b'); return sub", { sub })).toEqual(value({ tags: ["a", "b"] }));
    expect(sub).toEqual({ tags: ["a"] });
  });

  it("gives the same again and again, and in another thread", async () => {
    const source = "return [now(), daysBetween('2026-01-01', now()), Object.keys(sub), [3, 1, 2].sort(), 0.1 + 0.2]";
    const other = openSandbox();
    const job = { source, inputNames: ["sub"], inputs: { sub: { b: 1, a: 2 } }, now: NOW };
    const results = [await sandbox.run(job), await sandbox.run(job), await other.run(job)];
    await other[Symbol.asyncDispose]();
    expect(new Set(results.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(value([NOW, 323, ["b", "a"], [1, 2, 3], 0.1 + 0.2]))]),
    );
  });
});

describe("a block that fails is told in words, with its line:", () => {
  it.each([
    ["\n\nreturn null.x", fault("threw", "Line 3: cannot read property 'x' of null.")],
    ["const f = () => {\n  throw new Error('No plan.');\n};\nreturn f();", fault("threw", "Line 2: No plan.")],
    ["\nreturn daysBetween(1, 2);", fault("threw", expect.stringMatching(/^Line 2: daysBetween: the first value has/))],
    ["throw 'no plan'", fault("threw", "no plan.")],
    ["throw null", fault("threw", "it threw something that is no error.")],
    ["throw { get message() { throw 1; } }", fault("threw", "it threw something that is no error.")],
    ["throw new Error('x'.repeat(9999))", fault("threw", `Line 1: ${"x".repeat(300)}.`)],
    [
      "return plan",
      fault("threw", expect.stringMatching(/^Line 1: 'plan' is not defined; a block knows only its inputs/)),
    ],
    ["x = 1; return x", fault("threw", expect.stringContaining("'x' is not defined"))],
    ["return 1 +\n* 2", fault("syntax", "Line 2: unexpected token in expression: '*'.")],
    ["if (true) {", fault("syntax", expect.stringMatching(/^Line 1: /))],
    ["return 1 /* open", fault("syntax", expect.stringMatching(/^Line 1: /))],
    ["return await 1", fault("syntax", expect.stringMatching(/^Line 1: /))],
    ["import 'fs'", fault("syntax")],
    ["})(); throw null; (function () {", fault("threw")],
  ])("%s", async (source, end) => {
    expect(await run(source)).toEqual(end);
  });

  it.each(["class", "a) { return 1 }); (function (b", "a-b", ""])("an input with the name %j", async (name) => {
    expect(await run("return 1", { [name]: 1 })).toEqual(fault("syntax"));
  });
});

describe("a result that is no JSON is refused:", () => {
  it.each([
    ["", "The result is undefined"],
    ["return () => 1", "The result is a function"],
    ["return NaN", "The result is NaN"],
    ["return { a: [Infinity] }", "The result.a[0] is Infinity"],
    ["return [undefined]", "The result[0] is undefined"],
    ["return 1n", "The result is a bigint"],
    ["return new Map([[1, 2]])", "The result is no plain object"],
    ["return new (class Offer {})()", "The result is no plain object"],
    ["return (async () => 1)()", "The result is no plain object"],
    ["return import('fs')", "The result is no plain object"],
    ["return { toJSON() { return 1; } }", "The result.toJSON is a function"],
    [
      "const a = []; a[0] = a; return a",
      `The result${"[0]".repeat(20)} is more than 20 levels deep, or contains itself`,
    ],
  ])("%s", async (source, message) => {
    expect(await run(source)).toEqual(fault("not_json", `${message}; it has to be plain JSON.`));
  });

  it.each(["return 'x'.repeat(15999)", "return 'é'.repeat(8000)", "return new Array(9000).fill(0)"])(
    "too much of it: %s",
    async (source) => {
      expect(await run(source)).toEqual(fault("not_json", "The result has more than 16 kB."));
    },
  );
});

describe("limits:", () => {
  it.each([
    ["a loop", "for (;;);"],
    ["a loop that catches and finishes", "try { for (;;); } catch { return 1; } finally { return 2; }"],
    ["a getter of the result that never ends", "return { get a() { for (;;); } }"],
    ["a message that never ends", "throw { get message() { for (;;); } }"],
    ["a loop before the function", "})(); for (;;); (function () {"],
    ["a regular expression that backtracks for ever", "return /^(a+)+$/.test('a'.repeat(40) + 'b')"],
    ["another one", "return /(x+x+)+y/.test('x'.repeat(60))"],
    // Single steps of the engine, which its interrupt does not end.
    ["a search that takes minutes", "return 'a'.repeat(5e5).indexOf('a'.repeat(2.5e5) + 'b')"],
    ["a list of more gaps than can be counted", "return Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)"],
  ])("%s takes too long", async (_, source) => {
    expect(await run(source)).toEqual(timeout);
    expect(await run("return 'next'")).toEqual(value("next"));
  });

  it.each([
    ["lists of objects", "const all = []; for (;;) all.push({})"],
    ["long texts", "const all = []; const one = 'x'.repeat(1e6); for (;;) all.push(one + all.length)"],
    ["one text", "let text = 'x'; for (;;) text += text"],
    ["one list", "return new Array(1e7).fill(0).length"],
    ["what it throws", "const all = []; try { for (;;) all.push({}); } catch { throw all; }"],
    ["a regular expression", "return /(a|b|(?:c|(d)))*$/.test('abcd'.repeat(1e6))"],
  ])("%s take too much memory", async (_, source) => {
    const end = await run(source, {}, { timeoutMs: 5_000 });
    expect([memory, fault("threw")]).toContainEqual(end);
    expect(await run("return 'next'")).toEqual(value("next"));
  });

  it("a block that catches the want of memory breaks nothing for the next one", async () => {
    const source = "const all = []; try { for (;;) all.push({}); } catch { return 'caught'; }";
    await run(source, {}, { timeoutMs: 5_000 });
    expect(await run("return { next: [1, 2, 3].map(String) }")).toEqual(value({ next: ["1", "2", "3"] }));
  });

  it.each([
    ["a function", "(function f() { f(); })()"],
    ["conversions", "const a = { toString() { return '' + a; } }; return '' + a"],
    ["sorting", "[2, 1].sort(function by() { return [2, 1].sort(by); })"],
    ["replacing", "'x'.replace(/x/, function next() { return 'x'.replace(/x/, next); })"],
  ])("%s that calls itself for ever", async (_, source) => {
    expect(await run(source)).toEqual(fault("threw", "Line 1: calls or values are nested too deeply."));
  });

  it("texts nested deeper than the stack", async () => {
    expect(await run("return JSON.parse('['.repeat(1e5))")).toEqual(
      fault("threw", "Line 1: calls or values are nested too deeply."),
    );
  });

  it("inputs of more than a megabyte are not copied in", async () => {
    expect(await run("return 1", { text: "x".repeat(1_000_000) })).toEqual(
      fault("memory", "Its inputs have more than 1 MB."),
    );
    expect(await run("return text.length", { text: "x".repeat(900_000) })).toEqual(value(900_000));
  });
});

describe("nothing but calculating:", () => {
  it.each([
    "Date",
    "Function",
    "Intl",
    "Promise",
    "Proxy",
    "Reflect",
    "SharedArrayBuffer",
    "Symbol",
    "Uint8Array",
    "WeakRef",
    "console",
    "crypto",
    "eval",
    "fetch",
    "globalThis",
    "performance",
    "process",
    "queueMicrotask",
    "require",
    "setTimeout",
    "WebAssembly",
  ])("there is no %s", async (name) => {
    expect(await run(`return typeof ${name}`)).toEqual(value("undefined"));
  });

  it.each([
    "Math.random",
    "(() => 1).constructor",
    "(function () {}).constructor",
    "(async () => 1).constructor",
    "(function* () {}).constructor",
    "(async function* () {}).constructor",
    "(class {}).constructor",
    "[].map.constructor",
    "now.constructor",
    "Object.getPrototypeOf(async () => 1).constructor",
  ])("%s is undefined", async (what) => {
    expect(await run(`return ${what} === undefined`)).toEqual(value(true));
  });

  it.each([
    "Object.prototype.polluted = 1",
    "Object.prototype.toJSON = () => 1",
    "Array.prototype.map = () => 1",
    "[].keys().__proto__.next = () => 1",
    "JSON.stringify = () => '{}'",
    "Error.prepareStackTrace = () => 1",
    "now = () => 1",
    "now.name = 1",
    "Object.defineProperty(String.prototype, 'at', { value: 1 })",
    "({}).__proto__.polluted = 1",
    "Object.setPrototypeOf(Array.prototype, null)",
    "delete Math.max",
  ])("%s throws, since it is frozen", async (source) => {
    expect(await run(`${source}; return 1`)).toEqual(fault("threw"));
  });

  it("a result with names of prototypes changes no prototype here", async () => {
    const ended = await run(
      `return JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"a": 1}}}')`,
    );
    expect(Object.hasOwn((ended as { value: object }).value, "__proto__")).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("a run sees nothing of the one before", async () => {
    const leave = `})(); try { Object.left = 1; Array.prototype.left = 1; } catch {} (function () { RegExp.left = 1; return 1;`;
    await run(leave);
    await run("const r = /a/g; r.test('aa'); Symbol?.for?.('left'); return 1");
    expect(await run("return [typeof left, Object.left, [].left, RegExp.left, /a/g.lastIndex].map(String)")).toEqual(
      value(["undefined", "undefined", "undefined", "undefined", "0"]),
    );
  });
});

describe("a sandbox", () => {
  it("keeps its process free while a block takes all its time", async () => {
    await run("return 1");
    let beats = 0;
    const beat = setInterval(() => beats++, 5);
    expect(await run("return 'a'.repeat(5e5).indexOf('a'.repeat(2.5e5) + 'b')")).toEqual(timeout);
    clearInterval(beat);
    expect(beats).toBeGreaterThan(10);
  });

  it("runs blocks in the order in which they came", async () => {
    const ended: number[] = [];
    const runs = [1, 2, 3].map(async (n) => {
      await run(n === 1 ? "for (;;);" : "return 1");
      ended.push(n);
    });
    await Promise.all(runs);
    expect(ended).toEqual([1, 2, 3]);
  });

  it("does not begin a run that was called off", async () => {
    const off = new AbortController();
    const [first, second] = [run("for (;;);"), run("return 1", {}, { signal: off.signal })];
    await pause(1);
    off.abort();
    expect(await first).toEqual(timeout);
    expect(await second).toEqual(fault("cancelled", "It was called off before it began."));
  });

  it.each([
    ["ends during a run", "process.exit(3)", "ended with 3"],
    ["throws during a run", "throw new Error('broken')", "broken"],
    [
      "ends between runs",
      "parentPort.postMessage({ ok: true, value: 0 }); setTimeout(() => process.exit(3), 50)",
      null,
    ],
    ["throws between runs", "parentPort.postMessage({ ok: true, value: 0 }); setTimeout(() => { throw 1 }, 50)", null],
  ])("replaces a thread that %s", async (_, breaking, message) => {
    const program = `const { parentPort } = require("node:worker_threads"); parentPort.on("message", () => { ${breaking} })`;
    const broken = new Worker(program, { eval: true });
    const threads = [broken];
    const own = openSandbox(async () => threads.pop() ?? openThread());
    const gone = new Promise((resolve) => broken.once("exit", resolve));
    const job = { source: "return 1", inputNames: [], inputs: {}, now: NOW };
    if (message === null) expect(await own.run(job)).toEqual(value(0));
    else await expect(own.run(job)).rejects.toThrow(message);
    await gone;
    expect(await own.run(job)).toEqual(value(1));
    await own[Symbol.asyncDispose]();
  });

  it("that is closed ends its thread after the runs that came", async () => {
    const own = openSandbox();
    const last = own.run({ source: "return 1", inputNames: [], inputs: {}, now: NOW });
    await own[Symbol.asyncDispose]();
    expect(await last).toEqual(value(1));
  });
});
