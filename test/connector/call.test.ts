import { describe, expect, it } from "vitest";
import { callerOf, manifestOf } from "./calling.ts";
import { type Answer, counterpart, json } from "./counterpart.ts";

const manifest = (url: string, sandbox = "") =>
  manifestOf(`
id: billing
base_url: ${url}
${sandbox}
operations:
  get:
    kind: read
    request: GET /customers/{customer_id}/plan
    input: { on: date? }
    identity: { customer_id: contact.attributes.billing_id }
    returns: { plan: string }
    cache: 60s
  uncached: { kind: read, request: GET /plan, returns: { plan: string } }
  cancel:
    kind: write
    request: POST /cancel
    input: { reason: string }
    identity: { customer_id: contact.attributes.billing_id, mail: contact.email }
`);

const counted = (): Answer => {
  let nth = 0;
  return (response) => response.end(JSON.stringify({ plan: `p${++nth}` }));
};
const dana = { customer_id: "cus_dana", mail: "dana@x.example" };
const sam = { customer_id: "cus_sam", mail: "sam@x.example" };

describe("the identity of a call", () => {
  it("fills the path and the body", async () => {
    await using billing = await counterpart(json(200, { plan: "pro" }));
    const { call } = callerOf(manifest(billing.url));
    await call("get", { identity: dana });
    await call("cancel", { identity: dana, input: { reason: "price" } });
    expect(billing.heard.map(({ url, body }) => [url, body])).toEqual([
      ["/api/customers/cus_dana/plan", ""],
      ["/api/cancel", '{"customer_id":"cus_dana","mail":"dana@x.example","reason":"price"}'],
    ]);
  });

  it.each([
    ["customer_id", "The operation takes no customer_id."],
    ["mail", "The operation takes no mail."],
  ])("is never taken from the input: %s", async (name, message) => {
    await using billing = await counterpart(json(200, {}));
    const { call } = callerOf(manifest(billing.url));
    const { result } = await call("cancel", { identity: dana, input: { reason: "x", [name]: "cus_else" } });
    expect(result).toEqual({ ok: false, error: { reason: "bad_input", message, retryable: false } });
    expect(billing.heard).toEqual([]);
  });

  it.each([[{}], [{ customer_id: "" }], [undefined], [{ toString: "x" }]])(
    "is needed: %j calls nothing",
    async (identity) => {
      await using billing = await counterpart(json(200, { plan: "pro" }));
      const { result, tries } = await callerOf(manifest(billing.url)).call("get", { identity });
      expect(tries).toBe(0);
      const message = "The contact has no attributes.billing_id, which get needs as customer_id.";
      expect(result).toEqual({
        ok: false,
        error: { reason: "bad_input", name: "no_identity", message, retryable: false },
      });
      expect(billing.heard).toEqual([]);
    },
  );
});

describe("an answer that is kept", () => {
  it("serves the same read for a while", async () => {
    await using billing = await counterpart(counted());
    const caller = callerOf(manifest(billing.url));
    const plan = async () => (await caller.call("get", { identity: dana })).result;
    expect(await plan()).toEqual({ ok: true, value: { plan: "p1" } });
    caller.nowMs = 59_999;
    expect(await plan()).toEqual({ ok: true, value: { plan: "p1" } });
    caller.nowMs = 60_000;
    expect(await plan()).toEqual({ ok: true, value: { plan: "p2" } });
  });

  it.each([
    ["another contact", { identity: sam }],
    ["other arguments", { identity: dana, input: { on: "2026-01-01" } }],
    ["a trial", { identity: dana, sandbox: true }],
    ["a call that wants it fresh", { identity: dana, fresh: true }],
  ])("never serves %s", async (_, change) => {
    await using billing = await counterpart(counted());
    const { call } = callerOf(manifest(billing.url, `sandbox_url: ${billing.url}`));
    await call("get", { identity: dana });
    expect((await call("get", change)).result).toEqual({ ok: true, value: { plan: "p2" } });
  });

  it("is no failure, and no answer of an operation without cache", async () => {
    await using billing = await counterpart(json(500, {}), json(200, { plan: "p1" }), counted());
    const { call } = callerOf(manifest(billing.url));
    expect((await call("get", { identity: dana })).result.ok).toBe(false);
    expect((await call("get", { identity: dana })).result.ok).toBe(true);
    await call("uncached");
    await call("uncached");
    expect(billing.heard).toHaveLength(4);
  });

  it("is dropped by a write, also by one that fails", async () => {
    await using billing = await counterpart(json(200, { plan: "p1" }), json(500, {}), json(200, { plan: "p2" }));
    const { call } = callerOf(manifest(billing.url));
    await call("get", { identity: dana });
    await call("cancel", { identity: sam, input: { reason: "x" } });
    expect((await call("get", { identity: dana })).result).toEqual({ ok: true, value: { plan: "p2" } });
  });

  it("is not kept where a write came while it was read", async () => {
    const late: ((plan: string) => void)[] = [];
    await using billing = await counterpart(
      (response) => late.push((plan) => response.end(JSON.stringify({ plan }))),
      json(200, {}),
      json(200, { plan: "after" }),
    );
    const { call } = callerOf(manifest(billing.url));
    const reading = call("get", { identity: dana });
    await expect.poll(() => late.length).toBe(1);
    await call("cancel", { identity: dana, input: { reason: "x" } });
    late[0]?.("before");
    expect((await reading).result).toEqual({ ok: true, value: { plan: "before" } });
    expect((await call("get", { identity: dana })).result).toEqual({ ok: true, value: { plan: "after" } });
  });

  it("can't be changed by whoever got it", async () => {
    await using billing = await counterpart(counted());
    const { call } = callerOf(manifest(billing.url));
    const { result } = await call("get", { identity: dana });
    if (result.ok) (result.value as { plan: string }).plan = "changed";
    expect((await call("get", { identity: dana })).result).toEqual({ ok: true, value: { plan: "p1" } });
  });
});

describe("a trial", () => {
  it("goes to the sandbox only", async () => {
    await using real = await counterpart(json(200, { plan: "real" }));
    await using sandbox = await counterpart(json(200, { plan: "sand" }));
    const { call } = callerOf(manifest(real.url, `sandbox_url: ${sandbox.url}`));
    await call("cancel", { sandbox: true, identity: dana, input: { reason: "x" } });
    await call("uncached", { sandbox: true });
    expect([real.heard.length, sandbox.heard.length]).toEqual([0, 2]);
    await call("uncached");
    expect(real.heard).toHaveLength(1);
  });

  it("without a sandbox reads, and writes nothing", async () => {
    await using real = await counterpart(json(200, { plan: "real" }));
    const { call } = callerOf(manifest(real.url));
    expect((await call("uncached", { sandbox: true })).result.ok).toBe(true);
    expect(await call("cancel", { sandbox: true, identity: dana, input: { reason: "x" } })).toMatchObject({
      result: { ok: false, error: { reason: "refused", name: "no_sandbox", retryable: false } },
      uncertain: false,
      tries: 0,
    });
    expect(real.heard).toHaveLength(1);
  });
});
