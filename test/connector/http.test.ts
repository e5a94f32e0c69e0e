import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CallOptions, callOperation, createCallMemory } from "../../src/connector/call.ts";
import { MAX_ANSWER_BYTES } from "../../src/connector/http.ts";
import { redactText } from "../../src/connector/redact.ts";
import { secretsFrom } from "../../src/connector/secret.ts";
import type { FieldSchemas, HttpManifest, HttpOperation } from "../../src/domain/connector-schema.ts";
import { createBreaker } from "../../src/lib/breaker.ts";
import { type Answer, type Counterpart, counterpart, json } from "./counterpart.ts";

const string = { value: { type: "string" }, optional: false } as const;
const TOKEN = "s3cret-token";

const account: FieldSchemas = {
  id: string,
  tier: { value: { type: "enum", values: ["free", "pro"] }, optional: false },
  seats: { value: { type: "number" }, optional: true },
  since: { value: { type: "date" }, optional: true },
  tags: { value: { type: "list", of: { type: "string" } }, optional: true },
};

const read: HttpOperation = {
  name: "get_account",
  kind: "read",
  description: "",
  method: "GET",
  path: "/accounts/{key}",
  input: { key: string, expand: { value: { type: "boolean" }, optional: true } },
  returns: { type: "object", fields: account },
  errors: { 404: "no_account" },
  timeoutMs: 300,
  retry: null,
  idempotencyHeader: null,
  identity: {},
  returnsName: null,
  repeatable: true,
  cacheMs: null,
  confirm: null,
  readBack: null,
};
const write: HttpOperation = {
  ...read,
  name: "add_note",
  kind: "write",
  method: "POST",
  path: "/accounts/{key}/notes",
  input: { key: string, text: string, stars: { value: { type: "number" }, optional: true } },
  returns: { type: "object", fields: { id: string } },
  errors: {},
  repeatable: false,
};
const keyed: HttpOperation = {
  ...write,
  name: "add_note_once",
  idempotencyHeader: "Idempotency-Key",
  repeatable: true,
};

const manifest = (url: string, change: Partial<HttpManifest> = {}): HttpManifest => ({
  kind: "http",
  id: "crm",
  description: "",
  sandboxUrl: null,
  baseUrl: { from: "text", url },
  auth: { kind: "bearer", token: { from: "env", name: "CRM_TOKEN" } },
  operations: { get_account: read, add_note: write, add_note_once: keyed },
  file: "crm.yaml",
  ...change,
});

const NAMED = ["env:CRM_TOKEN", "env:CRM_URL"];
const secrets = (env: Record<string, string>, allowed: readonly string[] = NAMED) =>
  secretsFrom({ connector: "crm", allowed, env });

const memory = (breaker = createBreaker()) => ({ ...createCallMemory({ home: "/nowhere" }), breaker });

const options = (change: Partial<CallOptions> = {}): CallOptions => ({
  input: { key: "dana" },
  key: "e1.0.3",
  secrets: secrets({ CRM_TOKEN: TOKEN }),
  memory: memory(),
  ...change,
});

const note = { input: { key: "dana", text: "hi" } };
const call = (to: Counterpart, name: string, change: Partial<CallOptions> = {}) =>
  callOperation(manifest(to.url), name, options(change));

const good = { id: "a1", tier: "pro" };
const silence: Answer = () => undefined;
const hangUp: Answer = (response) => response.destroy();
const halfway: Answer = (response) => {
  response.writeHead(200, { "content-length": "50" });
  response.write('{"id":', () => response.destroy());
};
const huge: Answer = (response) => response.end("x".repeat(MAX_ANSWER_BYTES + 1));

describe("a call", () => {
  it("of a read has path, query and credentials in place", async () => {
    await using crm = await counterpart(
      json(200, { ...good, seats: 3, password: "hidden", since: "2020-02-02", tags: ["a"] }),
    );
    const { result, status, tries } = await call(crm, "get_account", { input: { key: "a/b?c d#é", expand: "true" } });
    expect(result).toEqual({ ok: true, value: { ...good, seats: 3, since: "2020-02-02", tags: ["a"] } });
    expect([status, tries]).toEqual([200, 1]);
    expect(crm.heard[0]).toMatchObject({
      method: "GET",
      url: "/api/accounts/a%2Fb%3Fc%20d%23%C3%A9?expand=true",
      body: "",
    });
    expect(crm.heard[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, accept: "application/json" });
    expect(crm.heard[0]?.headers).not.toHaveProperty("idempotency-key");
  });

  it("of a write has the rest of the input as body, and the key in its header", async () => {
    await using crm = await counterpart(json(201, { id: "n1" }));
    const { result } = await call(crm, "add_note_once", { input: { key: "dana", text: "hi", stars: "5" } });
    expect(result).toEqual({ ok: true, value: { id: "n1" } });
    expect(crm.heard[0]).toMatchObject({
      method: "POST",
      url: "/api/accounts/dana/notes",
      body: '{"text":"hi","stars":5}',
    });
    expect(crm.heard[0]?.headers).toMatchObject({ "idempotency-key": "e1.0.3", "content-type": "application/json" });
  });

  it("removes a secret that an answer echoes", async () => {
    await using crm = await counterpart((response, { headers }) =>
      response.end(JSON.stringify({ ...good, id: `debug ${headers.authorization}`, tags: ["a", TOKEN] })),
    );
    const { result } = await call(crm, "get_account");
    expect(result).toEqual({ ok: true, value: { ...good, id: "debug Bearer [secret]", tags: ["a", "[secret]"] } });
  });

  it("takes an API key from a file", async () => {
    await using crm = await counterpart(json(200, good));
    const path = join(tmpdir(), `frontdesk-secret-${process.pid}`);
    writeFileSync(path, "from-file\n");
    const auth = { kind: "api_key", header: "X-Api-Key", value: { from: "file", path } } as const;
    const listed = options({ secrets: secrets({}, [`file:${path}`]) });
    await callOperation(manifest(crm.url, { auth }), "get_account", listed);
    rmSync(path);
    expect(crm.heard[0]?.headers["x-api-key"]).toBe("from-file");
    const { result } = await callOperation(manifest(crm.url, { auth }), "get_account", listed);
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringContaining("can't be read (ENOENT)") } });
  });

  it.each([
    ["env:SLACK_BOT_TOKEN", [], 'add it under "secrets: crm:" in frontdesk.yaml'],
    ["env:CRM_TOKEN", ["env:CRM_TOKENS", "env:CRM_"], "The connector crm may not use env:CRM_TOKEN"],
    ["env:DATABASE_URL", ["env:DATABASE_URL"], "is a variable of Frontdesk or of the system"],
  ])("is not made when it names %s and may use %j", async (name, allowed, message) => {
    await using crm = await counterpart(json(200, good));
    const auth = { kind: "bearer", token: { from: "env", name: name.slice("env:".length) } } as const;
    const env = { SLACK_BOT_TOKEN: TOKEN, DATABASE_URL: TOKEN, CRM_TOKEN: TOKEN };
    const { result } = await callOperation(
      manifest(crm.url, { auth }),
      "get_account",
      options({ secrets: secrets(env, allowed) }),
    );
    expect(result).toMatchObject({
      ok: false,
      error: { reason: "bad_input", message: expect.stringContaining(message), retryable: false },
    });
    expect(crm.heard).toEqual([]);
    expect(JSON.stringify(result)).not.toContain(TOKEN);
  });

  it.each([
    ["no_such", { key: "a" }, "The connector crm has no operation no_such."],
    ["get_account", {}, "The input.key should be a string, but is missing."],
    ["get_account", { key: "" }, "The input.key should be a string, but is missing."],
    ["get_account", { key: ".." }, "The path may not contain . or .. segments."],
    ["get_account", { key: "." }, "The path may not contain . or .. segments."],
    ["get_account", { key: "a", colour: "red" }, "The operation takes no colour."],
    ["get_account", "a", "The input should be a map of names to values."],
    ["add_note", { key: "a", text: "t", stars: "many" }, "The input.stars should be a number, but is string."],
  ])("%s with %j is not sent", async (name, input, message) => {
    await using crm = await counterpart(json(200, good));
    const { result } = await call(crm, name, { input });
    expect(result).toEqual({ ok: false, error: { reason: "bad_input", message, retryable: false } });
    expect(crm.heard).toEqual([]);
  });

  it.each([
    [{}, {}, "The secret env:CRM_TOKEN is not set; set it in the environment or in .env, and start again."],
    [
      { CRM_TOKEN: TOKEN },
      { baseUrl: { from: "env", name: "CRM_URL" } },
      "The secret env:CRM_URL is not set; set it in the environment or in .env, and start again.",
    ],
    [
      { CRM_TOKEN: TOKEN },
      { baseUrl: { from: "text", url: "nowhere" } },
      "The connector's base_url is not a URL. Correct it in its manifest or variable.",
    ],
  ] as const)("needs what the manifest names (%j, %j)", async (environment, change, message) => {
    const { result } = await callOperation(
      manifest("http://x", change),
      "get_account",
      options({ secrets: secrets(environment) }),
    );
    expect(result).toEqual({ ok: false, error: { reason: "bad_input", message, retryable: false } });
  });
});

describe("an answer", () => {
  const table: readonly (readonly [number, string, boolean, string, boolean, string, boolean])[] = [
    // status, read: reason, retryable; write: reason, retryable; write with a key: reason, retryable
    [400, "bad_input", false, "bad_input", false, "bad_input", false],
    [401, "refused", false, "refused", false, "refused", false],
    [403, "refused", false, "refused", false, "refused", false],
    [404, "not_found", false, "not_found", false, "not_found", false],
    [408, "timeout", true, "timeout", true, "timeout", true],
    [409, "refused", false, "refused", false, "refused", false],
    [410, "not_found", false, "not_found", false, "not_found", false],
    [422, "bad_input", false, "bad_input", false, "bad_input", false],
    [429, "refused", true, "refused", true, "refused", true],
    [304, "refused", false, "refused", false, "refused", false],
    [500, "server_error", true, "ambiguous", false, "server_error", true],
    [502, "server_error", true, "ambiguous", false, "server_error", true],
    [503, "server_error", true, "ambiguous", false, "server_error", true],
  ];
  it.each(table)("of status %i", async (status, ...wanted) => {
    await using crm = await counterpart((response) => response.writeHead(status).end());
    const got: unknown[] = [];
    for (const name of ["get_account", "add_note", "add_note_once"]) {
      const { result, status: seen } = await call(crm, name, name === "get_account" ? {} : note);
      expect(seen).toBe(status);
      if (!result.ok) got.push(result.error.reason, result.error.retryable);
    }
    expect(got).toEqual(wanted);
  });

  it("has the error name of the manifest", async () => {
    await using crm = await counterpart(json(404, { secret: "inside" }));
    const { result } = await call(crm, "get_account");
    expect(result).toEqual({
      ok: false,
      error: {
        reason: "not_found",
        name: "no_account",
        message: "It answered no_account (status 404).",
        retryable: false,
      },
    });
  });

  it.each([
    ["is silent", silence, "timeout", true, "ambiguous", false, "timeout", true],
    ["hangs up", hangUp, "unreachable", true, "ambiguous", false, "unreachable", true],
    ["stops halfway", halfway, "unreachable", true, "ambiguous", false, "unreachable", true],
    ["answers far too much", huge, "bad_answer", false, "ambiguous", false, "ambiguous", false],
  ] as const)("a system that %s", async (_, answer, ...wanted) => {
    await using crm = await counterpart(answer);
    const got: unknown[] = [];
    for (const name of ["get_account", "add_note", "add_note_once"]) {
      const { result, status } = await call(crm, name, name === "get_account" ? {} : note);
      expect(status).toBeNull();
      if (!result.ok) got.push(result.error.reason, result.error.retryable);
    }
    expect(got).toEqual(wanted);
    expect(crm.heard).toHaveLength(3);
  });

  it("of an unreachable system: even a write may be repeated", async () => {
    const gone = await counterpart(json(200, good));
    await gone[Symbol.asyncDispose]();
    const { result } = await call(gone, "add_note", note);
    expect(result).toMatchObject({ ok: false, error: { reason: "unreachable", retryable: true } });
  });

  it.each(["http://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/"])(
    "a redirect to %s is not followed",
    async (location) => {
      await using crm = await counterpart((response) => response.writeHead(302, { location }).end());
      expect((await call(crm, "get_account")).result).toMatchObject({
        ok: false,
        error: { reason: "bad_answer", retryable: false },
      });
      expect((await call(crm, "add_note", note)).result).toMatchObject({
        ok: false,
        error: { reason: "refused", retryable: false },
      });
    },
  );

  it("a host that resolves to a metadata address is never called", async () => {
    const { result } = await callOperation(manifest("http://169.254.169.254/"), "get_account", options());
    expect(result).toMatchObject({ ok: false, error: { reason: "unreachable", retryable: false } });
  });

  it.each([
    ["<html>", "Its answer was not JSON."],
    ["", "Its answer was not JSON."],
    ["[".repeat(100_000), "Its answer was not JSON."],
    ["null", "Its answer was not as declared: answer should be an object, but is null."],
    ["[]", "Its answer was not as declared: answer should be an object, but is a list."],
    ['{"tier":"pro"}', "Its answer was not as declared: answer.id should be a string, but is missing."],
    ['{"id":7,"tier":"pro"}', "Its answer was not as declared: answer.id should be a string, but is number."],
    ['{"id":"a","tier":"gold-4711"}', "Its answer was not as declared: answer.tier is none of free, pro."],
    [
      '{"id":"a","tier":"pro","seats":"3"}',
      "Its answer was not as declared: answer.seats should be a number, but is string.",
    ],
    [
      '{"id":"a","tier":"pro","since":"soon"}',
      "Its answer was not as declared: answer.since should be a date, but is string.",
    ],
    [
      '{"id":"a","tier":"pro","tags":["a",1]}',
      "Its answer was not as declared: answer.tags[1] should be a string, but is number.",
    ],
    [
      '{"__proto__":{"id":"a"},"tier":"pro"}',
      "Its answer was not as declared: answer.id should be a string, but is missing.",
    ],
  ])("with the body %.40s", async (body, message) => {
    await using crm = await counterpart((response) => response.end(body));
    const { result } = await call(crm, "get_account");
    expect(result).toEqual({ ok: false, error: { reason: "bad_answer", message, retryable: false } });
  });

  it("that is unreadable tells for a write that the change was accepted", async () => {
    await using crm = await counterpart((response) => response.end("done"));
    const { result } = await call(crm, "add_note", note);
    expect(result).toMatchObject({
      ok: false,
      error: { message: "Its answer was not JSON. The change itself was accepted." },
    });
  });

  it("loses its undeclared fields, and null counts as absent", async () => {
    await using crm = await counterpart(json(200, { ...good, seats: null }));
    expect((await call(crm, "get_account")).result).toEqual({ ok: true, value: good });
    const odd = { type: "object", fields: { constructor: { ...string, optional: true } } } as const;
    const named = manifest(crm.url, { operations: { get_account: { ...read, returns: odd } } });
    expect((await callOperation(named, "get_account", options())).result).toEqual({ ok: true, value: {} });
    const quiet = manifest(crm.url, { operations: { add_note: { ...write, returns: null } } });
    expect((await callOperation(quiet, "add_note", options(note))).result).toEqual({ ok: true, value: null });
  });
});

const patient = (url: string, operation: HttpOperation): HttpManifest =>
  manifest(url, { operations: { it: { ...operation, retry: { times: 2, waitMs: 1 } } } });
const down: Answer = (response) => response.writeHead(503).end();

describe("a retry", () => {
  it("carries the same key", async () => {
    await using crm = await counterpart(down, hangUp, json(201, { id: "n1" }));
    const { result, tries } = await callOperation(patient(crm.url, keyed), "it", options(note));
    expect([result.ok, tries]).toEqual([true, 3]);
    expect(crm.heard.map(({ headers }) => headers["idempotency-key"])).toEqual(["e1.0.3", "e1.0.3", "e1.0.3"]);
  });

  it("happens as often as the manifest allows", async () => {
    await using crm = await counterpart(down);
    expect((await callOperation(patient(crm.url, read), "it", options())).tries).toBe(3);
  });

  it("never repeats a write that may have happened", async () => {
    await using crm = await counterpart(down, json(201, { id: "n1" }));
    const { result, tries } = await callOperation(patient(crm.url, write), "it", options(note));
    expect(result).toMatchObject({ ok: false, error: { reason: "ambiguous" } });
    expect([tries, crm.heard.length]).toEqual([1, 1]);
  });

  it("stops when the signal aborts", async () => {
    await using crm = await counterpart(down);
    const off = AbortSignal.abort();
    const { result, tries } = await callOperation(patient(crm.url, write), "it", options({ ...note, signal: off }));
    expect(result).toMatchObject({ ok: false, error: { reason: "timeout", retryable: true } });
    expect(tries).toBe(1);
  });
});

describe("a call whose claim has lapsed", () => {
  // E1: checked when the connection stands, so after secrets, names and the handshake.
  it.each([
    ["get_account", options()],
    ["add_note", options(note)],
    ["add_note_once", options(note)],
  ])("sends not one byte: %s", async (name, given) => {
    await using crm = await counterpart(json(200, good));
    const { result, uncertain } = await call(crm, name, { ...given, mayLeave: () => false });
    expect(result).toMatchObject({ ok: false, error: { reason: "timeout", retryable: true } });
    expect(uncertain).toBe(false);
    expect(crm.heard).toEqual([]);
  });

  it("is not tried once more", async () => {
    await using crm = await counterpart(json(429, {}), json(201, { id: "n1" }));
    let asked = 0;
    const once = { ...note, mayLeave: () => ++asked === 1 };
    const { result, uncertain } = await callOperation(patient(crm.url, write), "it", options(once));
    expect(result).toMatchObject({ ok: false, error: { retryable: true } });
    expect(uncertain).toBe(false);
    expect(crm.heard).toHaveLength(1);
  });
});

describe("what came of a call is uncertain", () => {
  it.each<[string, boolean, HttpOperation, Answer[]]>([
    ["when it failed there", true, keyed, [down]],
    ["when the connection was cut", true, write, [hangUp]],
    ["when one of its attempts was cut, and another refused", true, keyed, [hangUp, json(404, {})]],
    ["no longer when another attempt was accepted", false, keyed, [hangUp, json(201, { id: "n1" })]],
    ["not when it was refused", false, write, [json(404, {})]],
  ])("%s: %s", async (_, uncertain, operation, answers) => {
    await using crm = await counterpart(...answers);
    expect((await callOperation(patient(crm.url, operation), "it", options(note))).uncertain).toBe(uncertain);
  });
});

describe("a system that is down", () => {
  it("gets no calls after failures in a row, then one trial call", async () => {
    await using crm = await counterpart((response) => response.writeHead(500).end());
    let now = 0;
    const watched = { memory: memory(createBreaker({ maxFailures: 3, pauseMs: 1_000 })), nowMs: () => now };
    for (let n = 0; n < 5; n++) await call(crm, "get_account", watched);
    expect(crm.heard).toHaveLength(3);
    const spared = await call(crm, "get_account", watched);
    expect(spared.result).toMatchObject({ ok: false, error: { reason: "unreachable", retryable: true } });
    now = 1_000;
    await Promise.all([call(crm, "get_account", watched), call(crm, "get_account", watched)]);
    expect(crm.heard).toHaveLength(4);
    now = 2_000;
    crm.answers.splice(0, 1, json(200, good));
    expect((await call(crm, "get_account", watched)).result.ok).toBe(true);
    expect((await call(crm, "get_account", watched)).result.ok).toBe(true);
    expect(crm.heard).toHaveLength(6);
  });

  it("does not count as down because it refuses", async () => {
    await using crm = await counterpart(json(404, {}));
    const watched = { memory: memory(createBreaker({ maxFailures: 2 })) };
    for (let n = 0; n < 4; n++) await call(crm, "get_account", watched);
    expect(crm.heard).toHaveLength(4);
  });
});

describe("secrets", () => {
  it.each([
    ["failed with s3cret-token!", "failed with [secret]!"],
    [`basic ${Buffer.from(TOKEN).toString("base64")}`, "basic [secret]"],
    ["nothing here", "nothing here"],
  ])("%s", (text, clean) => {
    expect(redactText(text, [TOKEN, "", "no"])).toBe(clean);
  });

  it("are in no record of a call, even when the system echoes them", async () => {
    for (const status of [200, 400, 404, 500]) {
      await using crm = await counterpart((response, { headers }) =>
        response.writeHead(status).end(headers.authorization),
      );
      expect(JSON.stringify(await call(crm, "get_account", { input: { key: TOKEN } }))).not.toContain(TOKEN);
    }
  });
});
