import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCallMemory } from "../../src/connector/call.ts";
import { callerOf, manifestOf } from "./calling.ts";

const MANIFEST = `
id: rates
kind: module
module: ./connectors/rates.mjs
secrets: { token: "env:RATES_TOKEN" }
operations:
  get_rate:
    kind: read
    input: { currency: string, amount: number? }
    identity: { who: contact.id }
    returns: { rate: number, note: string?, at: date? }
    errors: [no_rate]
    timeout: 500ms
  loose: { kind: read, returns: { rate: number }, timeout: 300ms, retry: { times: 1, wait: 1ms } }
  fix: { kind: write, timeout: 300ms }
  fix_once: { kind: write, timeout: 300ms, idempotency: key, errors: [closed] }
  missing: { kind: read }
`;

const home = { path: "" };
beforeEach(() => {
  home.path = mkdtempSync(join(tmpdir(), "frontdesk-module-"));
  mkdirSync(join(home.path, "connectors"));
});
afterEach(() => rmSync(home.path, { recursive: true, force: true }));

/** A process with this module; its other calls see the same file. */
function rates(code: string) {
  writeFileSync(join(home.path, "connectors/rates.mjs"), code);
  return callerOf(manifestOf(MANIFEST), { env: { RATES_TOKEN: "t0ken-secret" }, home: home.path });
}
const asked = { input: { currency: "EUR", amount: "3" }, identity: { who: "7" } };

describe("a function of a module", () => {
  it("gets typed input, the identity, the key and its secrets; only declared fields of its value are kept", async () => {
    const { call } = rates(`
      export async function get_rate(input, { key, secrets, signal }) {
        const facts = [input.currency, input.amount === 3, input.who, key, secrets.token.length, signal.aborted];
        return { rate: 1.5, note: facts.join(" "), at: new Date(0), secret: 1 };
      }`);
    const { result } = await call("get_rate", asked);
    expect(result).toEqual({
      ok: true,
      value: { rate: 1.5, note: "EUR true 7 k1 12 false", at: "1970-01-01T00:00:00.000Z" },
    });
  });

  it.each([
    ["get_rate", { identity: { who: "7" } }, "The input.currency should be a string, but is missing."],
    ["get_rate", { input: { currency: "EUR" } }, "The contact has no id, which get_rate needs as who."],
    ["missing", {}, "connectors/rates.mjs exports no function missing."],
  ])("%s is not called with %j", async (name, change, message) => {
    const { call } = rates("export const get_rate = () => { throw new Error('called'); };");
    const made = await call(name, change);
    expect(made).toMatchObject({ result: { ok: false, error: { reason: "bad_input", message } }, tries: 0 });
  });

  it.each([
    ["another type", "({ rate: '1' })", "bad_answer", "answer.rate should be a number"],
    ["no JSON", "({ rate: 1n })", "bad_answer", "answer should be an object"],
    ["nothing", "null", "not_found", "was not found"],
    [
      "an undeclared error",
      "(() => { throw new RangeError('t0ken-secret') })()",
      "server_error",
      "Its function failed (RangeError).",
    ],
    [
      "a declared error",
      "(() => { throw Object.assign(new Error(), { code: 'no_rate' }) })()",
      "refused",
      "It answered no_rate.",
    ],
  ])("that gives %s", async (_, value, reason, message) => {
    const { call } = rates(`export const get_rate = async () => ${value};`);
    const { result } = await call("get_rate", asked);
    expect(result).toMatchObject({ ok: false, error: { reason, message: expect.stringContaining(message) } });
    expect(JSON.stringify(result)).not.toContain("t0ken-secret");
  });

  it("tells a declared error by its name", async () => {
    const { call } = rates("export const get_rate = () => { throw Object.assign(new Error(), { code: 'no_rate' }); };");
    expect((await call("get_rate", asked)).result).toMatchObject({ error: { name: "no_rate", retryable: false } });
  });

  it("that hides a secret in its value gives it without", async () => {
    const { call } = rates("export const get_rate = (_, { secrets }) => ({ rate: 1, note: `x ${secrets.token}` });");
    expect((await call("get_rate", asked)).result).toEqual({ ok: true, value: { rate: 1, note: "x [secret]" } });
  });

  it("that ends too late is given up, and its signal tells it; a read is tried again", async () => {
    const { call } = rates(`
      globalThis.ratesAborted = 0;
      export const loose = (_, { signal }) => new Promise(() => signal.addEventListener("abort", () => globalThis.ratesAborted++));`);
    expect(await call("loose")).toMatchObject({
      result: {
        ok: false,
        error: { reason: "timeout", message: "There was no answer within 300 ms.", retryable: true },
      },
      tries: 2,
    });
    expect((globalThis as { ratesAborted?: number }).ratesAborted).toBe(2);
  });

  it.each([
    ["fix", "new Promise(() => {})", { reason: "ambiguous", retryable: false }, true],
    ["fix", "(() => { throw new Error() })()", { reason: "ambiguous", retryable: false }, true],
    ["fix_once", "new Promise(() => {})", { reason: "timeout", retryable: true }, true],
    [
      "fix_once",
      "(() => { throw Object.assign(new Error(), { code: 'closed' }) })()",
      { reason: "refused", name: "closed" },
      false,
    ],
  ])("%s, a write that does %s, may have happened unless it says otherwise", async (name, value, error, uncertain) => {
    const { call } = rates(`export const ${name} = async () => ${value};`);
    expect(await call(name)).toMatchObject({ result: { ok: false, error }, uncertain });
  });

  it("is not called once nobody wants it, nor after its claim has lapsed", async () => {
    const { call } = rates("export const fix = () => { throw new Error('called'); };");
    const held = await call("fix", { mayLeave: () => false });
    expect(held).toMatchObject({
      result: { ok: false, error: { reason: "timeout", retryable: true } },
      uncertain: false,
    });
  });

  it("of a write is not called in a trial", async () => {
    const { call } = rates("export const fix = () => null;");
    expect(await call("fix", { sandbox: true })).toMatchObject({
      result: { ok: false, error: { name: "no_sandbox" } },
      tries: 0,
    });
    expect((await call("fix")).result).toEqual({ ok: true, value: null });
  });
});

describe("a module", () => {
  const get = "export const get_rate = () => ({ rate: 1 });";

  it("is loaded once: a changed file is reported once, and not used", async () => {
    const changed: string[] = [];
    const caller = rates(get);
    caller.memory = createCallMemory({ home: home.path, onChanged: (path) => changed.push(path) });
    await caller.call("get_rate", asked);
    const file = join(home.path, "connectors/rates.mjs");
    writeFileSync(file, get.replace("1", "2"));
    utimesSync(file, 1, 1);
    for (let nth = 0; nth < 2; nth++)
      expect((await caller.call("get_rate", asked)).result).toEqual({ ok: true, value: { rate: 1 } });
    expect(changed).toEqual(["connectors/rates.mjs"]);
  });

  it.each([
    ["that is missing", () => rmSync(join(home.path, "connectors/rates.mjs")), "There is no module"],
    [
      "that can't be read as code",
      () => writeFileSync(join(home.path, "connectors/rates.mjs"), "export {"),
      "could not be loaded",
    ],
    [
      "that throws",
      () => writeFileSync(join(home.path, "connectors/rates.mjs"), "throw new Error('x')"),
      "could not be loaded",
    ],
    [
      "outside the folder, behind a link",
      () => {
        rmSync(join(home.path, "connectors/rates.mjs"));
        writeFileSync(join(home.path, "rates.mjs"), get);
        symlinkSync("../rates.mjs", join(home.path, "connectors/rates.mjs"));
      },
      "lies outside the folder connectors",
    ],
  ])("%s calls nothing", async (_, arrange, message) => {
    const { call } = rates(get);
    arrange();
    const made = await call("get_rate", asked);
    expect(made).toMatchObject({
      result: { ok: false, error: { message: expect.stringContaining(message) } },
      tries: 0,
    });
  });

  it("whose secret is not listed calls nothing", async () => {
    rates(get);
    const { call } = callerOf(manifestOf(MANIFEST), { home: home.path });
    expect((await call("get_rate", asked)).result).toMatchObject({
      error: { message: expect.stringContaining("may not use env:RATES_TOKEN") },
    });
  });
});
