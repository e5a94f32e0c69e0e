import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../../src/connector/manifest.ts";
import { marked } from "../workflow/marked.ts";

const BILLING = `id: billing
description: The billing system
base_url: "env:BILLING_URL"
auth: { bearer: "env:BILLING_TOKEN" }
operations:
  get_subscription:
    kind: read
    description: The contact's current subscription
    request: GET /subscriptions/{customer_id}
    input: { customer_id: string }
    returns:
      Subscription: { id: string, plan: [free, pro], mrr_usd: number, started_at: date?, seats: list of string }
    errors: { 404: no_subscription }
    timeout: 5s
    retry: { times: 2, wait: 500ms }
  cancel_subscription:
    kind: write
    request: POST /subscriptions/{id}/cancel
    input: { id: string, reason: string?, percent?: number }
    idempotency: header Idempotency-Key
`;

const change = (from: string, to: string): string => BILLING.replace(from, () => to);

test("reads a manifest", () => {
  const { manifest, diagnostics } = parseManifest(BILLING, "connectors/billing.yaml");
  expect(diagnostics).toEqual([]);
  expect(manifest).toMatchObject({
    id: "billing",
    baseUrl: { from: "env", name: "BILLING_URL" },
    auth: { kind: "bearer", token: { from: "env", name: "BILLING_TOKEN" } },
  });
  expect(manifest?.operations["get_subscription"]).toEqual({
    name: "get_subscription",
    kind: "read",
    description: "The contact's current subscription",
    method: "GET",
    path: "/subscriptions/{customer_id}",
    identity: {},
    input: { customer_id: { value: { type: "string" }, optional: false } },
    returns: {
      type: "object",
      fields: {
        id: { value: { type: "string" }, optional: false },
        plan: { value: { type: "enum", values: ["free", "pro"] }, optional: false },
        mrr_usd: { value: { type: "number" }, optional: false },
        started_at: { value: { type: "date" }, optional: true },
        seats: { value: { type: "list", of: { type: "string" } }, optional: false },
      },
    },
    returnsName: "Subscription",
    errors: { 404: "no_subscription" },
    cacheMs: null,
    confirm: null,
    readBack: null,
    repeatable: true,
    timeoutMs: 5_000,
    retry: { times: 2, waitMs: 500 },
    idempotencyHeader: null,
  });
  expect(manifest?.operations["cancel_subscription"]).toMatchObject({
    kind: "write",
    idempotencyHeader: "Idempotency-Key",
    returns: null,
    input: { reason: { optional: true }, percent: { optional: true } },
  });
});

test("reads an API key in a header, stored in a file", () => {
  const source = BILLING.replace(
    '{ bearer: "env:BILLING_TOKEN" }',
    '{ api_key: { header: X-Api-Key, value: "file:/run/secrets/billing" } }',
  );
  expect(parseManifest(source, "c.yaml").manifest).toMatchObject({
    auth: { kind: "api_key", header: "X-Api-Key", value: { from: "file", path: "/run/secrets/billing" } },
  });
});

test.each([
  [
    "basic",
    'basic: { user: "env:USER_NAME", password: "file:/run/secrets/p" }',
    {
      kind: "basic",
      user: { from: "env", name: "USER_NAME" },
      password: { from: "file", path: "/run/secrets/p" },
    },
    ["env:USER_NAME", "file:/run/secrets/p"],
  ],
  [
    "oauth2",
    'oauth2: { token_url: "env:TOKEN_URL", client_id: "env:ID", client_secret: "env:SECRET", scope: a b, send_in: body }',
    {
      kind: "oauth2",
      tokenUrl: { from: "env", name: "TOKEN_URL" },
      clientId: { from: "env", name: "ID" },
      clientSecret: { from: "env", name: "SECRET" },
      scope: "a b",
      sendIn: "body",
    },
    ["env:TOKEN_URL", "env:ID", "env:SECRET"],
  ],
  [
    "hmac",
    'hmac: { secret: "env:SECRET" }',
    {
      kind: "hmac",
      header: "X-Signature",
      timestampHeader: "X-Timestamp",
      secret: { from: "env", name: "SECRET" },
    },
    ["env:SECRET"],
  ],
])("reads %s, and lists its secrets with their positions", (_, written, expected, named) => {
  const { manifest, secrets, diagnostics } = parseManifest(change('bearer: "env:BILLING_TOKEN"', written), "c.yaml");
  expect(diagnostics).toEqual([]);
  expect(manifest).toMatchObject({ auth: expected });
  expect(secrets.map(({ name }) => name)).toEqual(["env:BILLING_URL", ...named]);
  for (const { at } of secrets.slice(1)) expect(at).toMatchObject({ line: 4, column: expect.toSatisfy((n) => n > 1) });
});

test("reads what procedures and the engine need of an operation", () => {
  const source = `
id: billing
base_url: https://billing.example
sandbox_url: "env:SANDBOX_URL"
operations:
  get_subscription:
    kind: read
    request: GET /customers/{customer_id}/subscription
    identity: { customer_id: contact.attributes.billing_id }
    returns: { Subscription: { id: string, status: string } }
    cache: 60s
  find_cancellation: { kind: read, request: "GET /cancellations/{ref}", input: { ref: string } }
  cancel_subscription:
    kind: write
    request: POST /subscriptions/{id}/cancel
    input: { id: string }
    identity: { customer_id: contact.attributes.billing_id }
    returns: { id: string }
    confirm: { en: "Cancel {{ sub.plan }}?", de: "{{ sub.plan }} kündigen?" }
    read_back: { operation: get_subscription, done_if: answer.status == "cancelled", within: 2s }
  end: { kind: write, request: POST /end, confirm: "End?", read_back: { operation: find_cancellation, with: { ref: idempotency_key } } }
`;
  const { manifest, diagnostics, secrets } = parseManifest(source, "c.yaml");
  expect(diagnostics).toEqual([]);
  expect(secrets.map(({ name }) => name)).toEqual(["env:SANDBOX_URL"]);
  expect(manifest?.operations).toMatchObject({
    get_subscription: {
      identity: { customer_id: "attributes.billing_id" },
      returnsName: "Subscription",
      cacheMs: 60_000,
      input: {},
    },
    cancel_subscription: {
      confirm: { en: "Cancel {{ sub.plan }}?", de: "{{ sub.plan }} kündigen?" },
      repeatable: false,
      readBack: { operation: "get_subscription", with: {}, doneIf: 'answer.status == "cancelled"', withinMs: 2_000 },
    },
    end: {
      confirm: { "": "End?" },
      readBack: { operation: "find_cancellation", with: { ref: { from: "idempotency_key" } }, doneIf: null },
    },
  });
});

const MODULE = `id: rates
kind: module
module: ./connectors/rates.mjs
secrets: { token: "env:RATES_TOKEN" }
operations:
  get_rate:
    kind: read
    input: { currency: string }
    returns: { rate: number }
    errors: [no_rate]
  fix_rate:
    kind: write
    idempotency: key
`;

test("reads a module, and lists its secrets", () => {
  const { manifest, diagnostics, secrets } = parseManifest(MODULE, "c.yaml");
  expect(diagnostics).toEqual([]);
  expect(manifest).toMatchObject({
    kind: "module",
    module: "connectors/rates.mjs",
    secrets: { token: { from: "env", name: "RATES_TOKEN" } },
    operations: { get_rate: { errors: ["no_rate"], repeatable: true }, fix_rate: { repeatable: true, returns: null } },
  });
  expect(secrets).toEqual([{ name: "env:RATES_TOKEN", at: { line: 4, column: 19 } }]);
});

test.each([
  ["C209", "module: ¦../rates.mjs"],
  ["C209", "module: ¦./connectors/../rates.mjs"],
  ["C209", "module: ¦./connectors/a/rates.mjs"],
  ["C209", "module: ¦/etc/rates.mjs"],
  ["C209", "module: ¦https://evil.example/rates.mjs"],
  ["C209", "module: ¦./connectors/rates.js"],
  ["C209", "module: ¦./connectors/.mjs"],
])("refuses a module elsewhere: %s %s", (code, line) => {
  const { source, at } = marked(MODULE.replace("module: ./connectors/rates.mjs", line));
  const { manifest, diagnostics } = parseManifest(source, "c.yaml");
  expect(manifest).toBeNull();
  expect(diagnostics.map((one) => [`${one.line}:${one.column}`, one.code])).toEqual([[at, code]]);
});

test.each([
  ["C005", "¦base_url: https://x.example\nsecrets"],
  ["C005", "¦auth: { bearer: 'env:X' }\nsecrets"],
])("refuses what only HTTP has: %s %s", (code, line) => {
  const { source, at } = marked(MODULE.replace("secrets", line));
  const { diagnostics } = parseManifest(source, "c.yaml");
  expect(diagnostics.map((one) => [`${one.line}:${one.column}`, one.code])).toEqual([[at, code]]);
});

const CLIENT = 'token_url: "https://id.example/token", client_id: "env:ID"';
const auth = (given: string): string => change('{ bearer: "env:BILLING_TOKEN" }', given);
/** One more line of an operation. */
const own = (line: string, operation = "get_subscription"): string =>
  change(`  ${operation}:\n`, `  ${operation}:\n    ${line}\n`);
const readBack = (rest: string): string =>
  own(`read_back: { operation: get_subscription, ${rest} }`, "cancel_subscription");

describe("a faulty manifest", () => {
  test.each<[code: string, file: string, message: string]>([
    ["C201", change('"env:BILLING_TOKEN"', "¦sk_live_123"), "must not be in this file"],
    ["C201", change('"env:BILLING_URL"', "¦https://dana:hunter2@billing.example"), "contains a password"],
    ["C014", change('"env:BILLING_URL"', "¦ftp://billing.example"), "http or https"],
    ["C008", change("operations:", "kind: ¦mcp\noperations:"), "mcp is not supported yet"],
    ["C008", change("    timeout: 5s", "    ¦only_if: true"), "only_if: is not supported yet"],
    ["C014", change("operations:", "kind: ¦modul\noperations:"), 'did you mean "module"'],
    ["C014", change("operations:", "sandbox_url: ¦x\noperations:"), "sandbox_url: is an http or https address"],
    ["C006", auth("¦{}"), "auth: needs one of bearer:, api_key:, basic:, oauth2:, hmac:"],
    ["C016", auth('{ bearer: "env:A", ¦hmac: { secret: "env:B" } }'), "auth: is only one of"],
    ["C005", auth("{ ¦baerer: x }"), 'did you mean "bearer"'],
    ["C201", auth("{ basic: { user: ¦dana } }"), "user: holds a secret"],
    ["C201", auth(`{ oauth2: { ${CLIENT}, client_secret: ¦hunter2 } }`), "client_secret: holds a secret"],
    ["C006", auth(`{ ¦oauth2: { ${CLIENT} } }`), "oauth2: needs client_secret:"],
    ["C014", auth(`{ oauth2: { ${CLIENT}, client_secret: "env:S", scope: ¦"a  b" } }`), "single spaces"],
    ["C014", auth(`{ oauth2: { ${CLIENT}, client_secret: "env:S", send_in: ¦query } }`), "one of header, body"],
    ["C014", auth('{ hmac: { header: ¦"X Y", secret: "env:S" } }'), "not an HTTP header name"],
    ["C206", own("identity: { who: ¦contact.name }"), "identity: takes contact.id, contact.email, contact.phone"],
    ["C206", own("identity: { who: ¦contact.attribute.billing_id }"), 'did you mean "contact.attributes.billing_id"'],
    ["C206", own("identity: { who: ¦contact.attributes.__proto__ }"), "or an attribute"],
    ["C206", own("identity: { ¦customer_id: contact.email }"), "input: may not have it"],
    ["C203", own("¦confirm: Really?"), "nobody is asked before it"],
    ["C203", own("¦read_back: get_subscription"), "only a write is read back"],
    ["C203", own("¦cache: 60s", "cancel_subscription"), "only the answer of a read"],
    ["C013", own("cache: ¦2h"), "at most 60m"],
    ["C012", own("confirm: 'Cancel {{ plan | ¦upcas }}?'", "cancel_subscription"), "upcas"],
    ["C005", own("confirm: { ¦English: Really? }", "cancel_subscription"), "is no language"],
    ["C207", own("read_back: ¦get_subscripton", "cancel_subscription"), 'did you mean "get_subscription"'],
    ["C207", own("read_back: ¦cancel_subscription", "cancel_subscription"), "name a kind: read"],
    ["C207", own("read_back: ¦get_subscription", "cancel_subscription"), "get_subscription needs customer_id"],
    ["C207", readBack("with: { ¦customer: id }"), 'takes no customer (did you mean "customer_id"'],
    ["C207", readBack("with: { customer_id: ¦ID2 }"), "names inputs of cancel_subscription, or idempotency_key"],
    ["C207", readBack('with: { customer_id: id }, done_if: ¦reply.plan == "free"'), "reads answer"],
    ["C011", readBack("with: { customer_id: id }, done_if: 'answer.¦pln == \"free\"'"), 'did you mean "plan"'],
    ["C013", readBack("with: { customer_id: id }, within: ¦5m"), "at most 60s"],
    [
      "C207",
      readBack("with: { customer_id: id }").replace("read_back: ", "returns: { ends: date }\n    read_back: ¦"),
      "does not return ends",
    ],
    ["C208", own("returns: ¦{ Subscription: { id: string } }", "cancel_subscription"), "has other fields than"],
    ["C005", change("    timeout: 5s", "    ¦timout: 5s"), 'did you mean "timeout"'],
    ["C006", change("    kind: read\n", "").replace("get_subscription:", "¦get_subscription:"), "needs kind:"],
    ["C013", change("timeout: 5s", "timeout: ¦5 seconds"), "no duration"],
    ["C013", change("timeout: 5s", "timeout: ¦1h"), "at most 120s"],
    ["C014", change("GET /subscriptions/{customer_id}", "¦FETCH /subscriptions/{customer_id}"), "method and a path"],
    ["C014", change("GET /subscriptions/{customer_id}", "¦GET //evil.example/{customer_id}"), "begins with one /"],
    ["C014", change("GET /subscriptions/{customer_id}", "¦GET /../{customer_id}"), "begins with one /"],
    ["C014", change("mrr_usd: number", "mrr_usd: ¦nubmer"), 'did you mean "number"'],
    ["C014", change("404: no_subscription", "¦200: fine"), "from 400 to 599"],
    ["C014", change("header Idempotency-Key", "¦Idempotency-Key"), "header Idempotency-Key"],
    ["C203", change("GET /subscriptions/{customer_id}", "¦DELETE /subscriptions/{customer_id}"), "kind: write"],
    ["C203", change("POST /subscriptions/{id}/cancel", "¦GET /subscriptions/{id}/cancel"), "kind: read"],
    [
      "C204",
      change("GET /subscriptions/{customer_id}", "¦GET /subscriptions/{customer}"),
      'did you mean "customer_id"',
    ],
    ["C204", change("{ id: string, reason", "{ id: string?, reason").replace("POST", "¦POST"), "cannot be optional"],
  ])("reports %s at its position: %s", (code, file, message) => {
    const { source, at } = marked(file);
    const { manifest, diagnostics } = parseManifest(source, "connectors/billing.yaml");
    expect(manifest).toBeNull();
    expect(diagnostics.map(({ line, column, code: found, message }) => [`${line}:${column}`, found, message])).toEqual([
      [at, code, expect.stringContaining(message)],
    ]);
  });

  test("a write without an idempotency key is a warning only", () => {
    const { source, at } = marked(
      change("    idempotency: header Idempotency-Key\n", "").replace("cancel_subscription:", "¦cancel_subscription:"),
    );
    const { manifest, diagnostics } = parseManifest(source, "connectors/billing.yaml");
    expect(manifest).not.toBeNull();
    expect(diagnostics.map(({ line, column, code, severity }) => [`${line}:${column}`, code, severity])).toEqual([
      [at, "C202", "warning"],
    ]);
  });

  test.each([
    ["id: string", true],
    ["plan: string", true],
    ["plan: [free, pro, team]", true],
    ["plan: [free]", false],
    ["started_at: date?", true],
    ["started_at: date", false],
    ["mrr_usd: string", false],
    ["seats: list of string", true],
    ["seats: list of number", false],
    ["other: string?", true],
  ])("a write that returns %s can be read back: %s", (returned, can) => {
    const source = readBack("with: { customer_id: id }").replace(
      "read_back: {",
      `returns: { ${returned} }\n    read_back: {`,
    );
    expect(parseManifest(source, "c.yaml").diagnostics.map(({ code }) => code)).toEqual(can ? [] : ["C207"]);
  });

  test("a write without a key that is read back needs no person", () => {
    const source = readBack("with: { customer_id: id }").replace("    idempotency: header Idempotency-Key\n", "");
    const { manifest, diagnostics } = parseManifest(source, "c.yaml");
    expect(diagnostics).toEqual([]);
    expect(manifest?.operations["cancel_subscription"]?.repeatable).toBe(false);
  });

  test("never repeats a secret", () => {
    const { diagnostics } = parseManifest(change('"env:BILLING_TOKEN"', "hunter2"), "c.yaml");
    expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
  });
});

test("reading is total over a manifest with any part cut out or replaced", () => {
  const cut = fc.tuple(fc.nat(BILLING.length), fc.nat(60), fc.constantFrom("", "x", ": ", "\n", "[", "__proto__"));
  fc.assert(
    fc.property(cut, ([from, length, instead]) => {
      const { manifest, diagnostics } = parseManifest(
        BILLING.slice(0, from) + instead + BILLING.slice(from + length),
        "c.yaml",
      );
      expect(manifest === null).toBe(diagnostics.some(({ severity }) => severity === "error"));
    }),
    { numRuns: 300 },
  );
});
