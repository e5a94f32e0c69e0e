import { describe, expect, it } from "vitest";
import { settleWrite } from "../../src/connector/read-back.ts";
import { callerOf, manifestOf } from "./calling.ts";
import { type Answer, counterpart, json } from "./counterpart.ts";

const manifest = (url: string) =>
  manifestOf(`
id: billing
base_url: ${url}
operations:
  get:
    kind: read
    request: GET /subscriptions/{id}
    input: { id: string }
    identity: { customer: contact.id }
    returns: { id: string, status: string?, ends: date? }
    errors: { 404: none }
    cache: 60s
  find: { kind: read, request: "GET /cancellations/{ref}", input: { ref: string, id: string? }, returns: { id: string } }
  cancel:
    kind: write
    request: POST /subscriptions/{id}/cancel
    input: { id: string, to: string? }
    identity: { customer: contact.id }
    returns: { id: string }
    read_back: { operation: get, done_if: 'answer.status == "cancelled"', within: 400ms }
  change:
    kind: write
    request: POST /subscriptions/{id}
    input: { id: string, to: string }
    identity: { customer: contact.id }
    read_back: { operation: get, done_if: answer.status == input.to, within: 1s }
  end:
    kind: write
    request: POST /end
    input: { sub: string }
    read_back: { operation: find, with: { ref: idempotency_key, id: sub }, within: 50ms }
  lost: { kind: write, request: POST /lost }
`);

const status = (word: string): Answer => json(200, { id: "s1", status: word });
const made = { ok: true, value: { id: "s1" } };
const unmade = { ok: false, error: { reason: "unreachable", retryable: false } };
const asked = { input: { id: "s1", to: "paused" }, identity: { customer: "7" } };

async function settle(answers: readonly Answer[], name = "cancel", change: object = asked) {
  await using billing = await counterpart(...answers);
  const { options } = callerOf(manifest(billing.url));
  const result = await settleWrite(manifest(billing.url), name, {
    ...options({ key: "k 1", ...change }),
    nowMs: performance.now.bind(performance),
  });
  return { result, urls: billing.heard.map(({ url }) => url) };
}

describe("a write whose answer was lost", () => {
  it("was made where the read sees it, at once or before the time is over", async () => {
    expect(await settle([status("cancelled")])).toEqual({ result: made, urls: ["/api/subscriptions/s1?customer=7"] });
    expect((await settle([status("active"), status("cancelled")])).result).toEqual(made);
  });

  it("was not made where a read after that time does not see it", async () => {
    const { result, urls } = await settle([status("active")]);
    expect(result).toMatchObject(unmade);
    expect(urls.length).toBeGreaterThan(1);
    expect((await settle([json(404, {})])).result).toMatchObject(unmade);
  });

  it.each<[string, Answer[]]>([
    ["fails", [json(500, {})]],
    ["fails at last", [status("active"), json(500, {})]],
    ["does not tell", [json(200, { id: "s1" })]],
    ["gives something else", [json(200, { status: 7 })]],
  ])("stays unknown where the read %s", async (_, answers) => {
    expect((await settle(answers)).result).toBeNull();
  });

  it("is compared with what the write asked for", async () => {
    expect((await settle([status("active"), status("paused")], "change")).result).toEqual({ ok: true, value: null });
  });

  it("is found by its idempotency key where the system knows it", async () => {
    const found = await settle([json(200, { id: "c1" })], "end", { input: { sub: "s9" } });
    expect(found).toEqual({ result: { ok: true, value: null }, urls: ["/api/cancellations/k%201?id=s9"] });
    expect((await settle([json(404, {})], "end", { input: { sub: "s9" } })).result).toMatchObject(unmade);
  });

  it("stays unknown without a read-back, without the identity, and where the process stops", async () => {
    expect(await settle([status("cancelled")], "lost", {})).toEqual({ result: null, urls: [] });
    expect(await settle([status("cancelled")], "cancel", { input: { id: "s1" } })).toEqual({ result: null, urls: [] });
    const signal = AbortSignal.timeout(50);
    expect((await settle([status("active")], "change", { ...asked, signal })).result).toBeNull();
  });

  it("is never looked up among answers that are kept", async () => {
    await using billing = await counterpart(status("active"), status("cancelled"));
    const { call, options } = callerOf(manifest(billing.url));
    await call("get", { input: { id: "s1" }, identity: { customer: "7" } });
    expect(await settleWrite(manifest(billing.url), "cancel", options(asked))).toEqual(made);
  });
});
