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
    timeoutMs: 5_000,
    retry: { times: 2, waitMs: 500 },
    idempotencyHeader: null,
  });
  expect(manifest?.operations["cancel_subscription"]).toMatchObject({
    kind: "write",
    idempotencyHeader: "Idempotency-Key",
    returns: null,
    returnsName: null,
    input: { reason: { optional: true }, percent: { optional: true } },
  });
});

test("reads an API key in a header, stored in a file", () => {
  const source = BILLING.replace(
    '{ bearer: "env:BILLING_TOKEN" }',
    '{ api_key: { header: X-Api-Key, value: "file:/run/secrets/billing" } }',
  );
  expect(parseManifest(source, "c.yaml").manifest?.auth).toEqual({
    kind: "api_key",
    header: "X-Api-Key",
    value: { from: "file", path: "/run/secrets/billing" },
  });
});

const change = (from: string, to: string): string => BILLING.replace(from, () => to);

describe("a faulty manifest", () => {
  test.each<[code: string, file: string, message: string]>([
    ["C201", change('"env:BILLING_TOKEN"', "¦sk_live_123"), "must not be in this file"],
    ["C201", change('"env:BILLING_URL"', "¦https://dana:hunter2@billing.example"), "contains a password"],
    ["C014", change('"env:BILLING_URL"', "¦ftp://billing.example"), "http or https"],
    ["C008", change("auth: { bearer:", "auth: { ¦oauth2: {}, bearer:"), "oauth2: is not supported yet"],
    ["C008", change("operations:", "¦sandbox_url: x\noperations:"), "sandbox_url: is not supported yet"],
    ["C008", change("operations:", "¦kind: mcp\noperations:"), "kind: is not supported yet"],
    ["C008", change("    timeout: 5s", "    ¦identity: { customer_id: contact.id }"), "identity: is not supported yet"],
    ["C008", change("    timeout: 5s", "    ¦cache: 60s"), "cache: is not supported yet"],
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
