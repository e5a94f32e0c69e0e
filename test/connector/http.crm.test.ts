import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Crm, DEMO_TOKEN, startCrm } from "../../examples/crm/server.ts";
import { callOperation, createCallMemory } from "../../src/connector/call.ts";
import { parseManifest } from "../../src/connector/manifest.ts";
import { secretsFrom } from "../../src/connector/secret.ts";
import type { ConnectorManifest } from "../../src/domain/connector-schema.ts";

const FILE = `
id: crm
description: Acme's account system
base_url: "env:CRM_URL"
auth: { bearer: "env:CRM_TOKEN" }
operations:
  get_account:
    kind: read
    request: GET /accounts/{key}
    input: { key: string }
    returns: { id: string, name: string, tier: [free, pro, enterprise], plan: string, renews_on: date? }
    errors: { 404: no_account }
    timeout: 5s
    retry: { times: 2, wait: 100ms }
  add_note:
    kind: write
    request: POST /accounts/{id}/notes
    input: { id: string, text: string }
    returns: { id: string }
    idempotency: header Idempotency-Key
`;

function read(source: string): ConnectorManifest {
  const { manifest, diagnostics } = parseManifest(source, "crm.yaml");
  if (manifest === null) throw new Error(JSON.stringify(diagnostics));
  return manifest;
}

describe("the example's account system, through its connector", () => {
  let crm: Crm;
  beforeAll(async () => {
    crm = await startCrm({ port: 0 });
  });
  afterAll(() => crm.close());

  const call = (name: string, input: unknown, { key = "k", token = DEMO_TOKEN } = {}) =>
    callOperation(read(FILE), name, {
      input,
      key,
      secrets: secretsFrom({
        connector: "crm",
        allowed: ["env:CRM_URL", "env:CRM_TOKEN"],
        env: { CRM_URL: crm.url, CRM_TOKEN: token },
      }),
      memory: createCallMemory({ home: "/nowhere" }),
    });

  it.each(["dana@brightwater.example", "+15550101", "acc-1001"])("finds an account by %s", async (key) => {
    const { result } = await call("get_account", { key });
    expect(result).toMatchObject({
      ok: true,
      value: { id: "acc-1001", tier: "enterprise", renews_on: "2027-03-01" },
    });
  });

  it("leaves out absent fields of a free account", async () => {
    const { result } = await call("get_account", { key: "lena@vogel.example" });
    expect(result).toEqual({ ok: true, value: { id: "acc-1003", name: "Lena Vogel", tier: "free", plan: "Free" } });
  });

  it.each(["nobody", "Dana Meyer", "dana meyer"])(
    "finds no account by %s, since anybody can use a name",
    async (key) => {
      const { result } = await call("get_account", { key });
      expect(result).toMatchObject({ ok: false, error: { reason: "not_found", name: "no_account", retryable: false } });
    },
  );

  it("requires the token", async () => {
    expect((await call("get_account", { key: "acc-1001" }, { token: "wrong" })).result).toMatchObject({
      ok: false,
      error: { reason: "refused" },
    });
  });

  it("stores a note once per idempotency key", async () => {
    const first = await call("add_note", { id: "acc-1002", text: "called" }, { key: "a" });
    const again = await call("add_note", { id: "acc-1002", text: "called" }, { key: "a" });
    const other = await call("add_note", { id: "acc-1002", text: "called" }, { key: "b" });
    expect([first.result, again.result]).toEqual([
      { ok: true, value: { id: "note-1" } },
      { ok: true, value: { id: "note-1" } },
    ]);
    expect(other.result).toEqual({ ok: true, value: { id: "note-2" } });
    expect((await call("add_note", { id: "acc-1002", text: "else" }, { key: "b" })).result).toMatchObject({
      ok: false,
      error: { reason: "refused" },
    });
  });

  it.each([
    ["GET", "/accounts/%", 400],
    ["GET", "/", 404],
    ["GET", "/accounts/", 404],
    ["DELETE", "/accounts/acc-1001", 405],
    ["POST", "/accounts/acc-1001/notes", 400],
  ])("answers %s %s with %i", async (method, path, status) => {
    const response = await fetch(crm.url + path, { method, headers: { authorization: `Bearer ${DEMO_TOKEN}` } });
    expect(response.status).toBe(status);
  });

  it("listens on this machine only, and reports a taken port", async () => {
    expect(new URL(crm.url).hostname).toBe("127.0.0.1");
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    await expect(startCrm({ port: (taken.address() as AddressInfo).port })).rejects.toThrow("EADDRINUSE");
    taken.close();
  });
});
