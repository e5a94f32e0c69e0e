import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Acme, DEMO_TOKEN, startAcme } from "../../examples/acme/server.ts";
import { settleWrite } from "../../src/connector/read-back.ts";
import { callerOf, manifestOf } from "./calling.ts";

let acme: Acme;
beforeEach(async () => {
  acme = await startAcme({ port: 0 });
});
afterEach(() => acme.close());

const file = (name: string): string => readFileSync(new URL(`../../connectors/${name}.yaml`, import.meta.url), "utf8");

const asked = (who: Who, input: unknown, key: string) => ({ input, identity: WHO[who], key });

interface By {
  who?: Who;
  key?: string;
}

/** Calls an operation of one of the example's connectors, as the customer of that name. */
function system(name: string, variable: string, path: string) {
  const manifest = manifestOf(file(name));
  const caller = (token = DEMO_TOKEN) =>
    callerOf(manifest, { env: { [`ACME_${variable}_URL`]: `${acme.url}/${path}`, [`ACME_${variable}_TOKEN`]: token } });
  return {
    caller,
    call: async (operation: string, input: unknown = {}, { who = "priya", key = String(Math.random()) }: By = {}) =>
      (await caller().call(operation, asked(who, input, key))).result,
    settle: (operation: string, input: unknown, { who = "priya", key = "none" }: By = {}) =>
      settleWrite(manifest, operation, {
        ...caller().options(asked(who, input, key)),
        nowMs: performance.now.bind(performance),
      }),
  };
}

type Who = keyof typeof WHO;
const WHO = {
  dana: { customer_id: "cus_dana" },
  priya: { customer_id: "cus_priya" },
  maria: { customer_id: "cus_maria" },
  tom: { customer_id: "cus_tom" },
  sam: { customer_id: "cus_sam" },
  "acc-1001": { customer_id: "acc-1001" },
  "acc-1002": { customer_id: "acc-1002" },
  "acc-1004": { customer_id: "acc-1004" },
};
const refusal = (reason: string, name: string) => ({ ok: false, error: { reason, name, retryable: false } });

describe("the example's customer database", () => {
  const { call } = system("crm", "CRM", "crm");

  it.each(["dana@brightwater.example", "+15550101", "acc-1001"])("finds an account by %s", async (key) => {
    const value = { id: "acc-1001", name: "Dana Meyer", tier: "enterprise", plan: "Enterprise, 250 seats" };
    expect(await call("get_account", { key })).toEqual({ ok: true, value });
  });

  it.each(["nobody", "Dana Meyer", "dana meyer"])(
    "finds no account by %s, since anybody can use a name",
    async (key) => {
      expect(await call("get_account", { key })).toMatchObject(refusal("not_found", "no_account"));
    },
  );

  it("stores a note once per idempotency key", async () => {
    const note = { key: "acc-1002", text: "called" };
    expect(await call("add_note", note, { key: "a" })).toEqual({ ok: true, value: { id: "note-1" } });
    expect(await call("add_note", note, { key: "a" })).toEqual({ ok: true, value: { id: "note-1" } });
    expect(await call("add_note", note, { key: "b" })).toEqual({ ok: true, value: { id: "note-2" } });
    expect(await call("add_note", { ...note, text: "else" }, { key: "b" })).toMatchObject({
      ok: false,
      error: { reason: "refused" },
    });
  });
});

describe("the example's billing system", () => {
  const { call, settle } = system("billing", "BILLING", "billing");
  const sub = { id: "sub_priya" };

  it("shows customers their own subscription, if they have one", async () => {
    const value = { id: "sub_priya", plan: "pro", status: "active", mrr_usd: 49, started_at: "2025-06-05" };
    expect(await call("get_subscription")).toEqual({ ok: true, value: { ...value, renews_on: "2026-12-05" } });
    expect(await call("get_subscription", {}, { who: "sam" })).toMatchObject(refusal("not_found", "no_subscription"));
  });

  it("cancels once, at the end of what is paid, and says so however often it is asked with one key", async () => {
    const cancelled = { ok: true, value: { id: "sub_priya", status: "cancelled", ends_on: "2026-12-05" } };
    const cancel = { ...sub, reason: "too_expensive" };
    expect(await call("cancel_subscription", cancel, { key: "a" })).toEqual(cancelled);
    expect(await call("cancel_subscription", cancel, { key: "a" })).toEqual(cancelled);
    expect(await call("cancel_subscription", cancel, { key: "b" })).toMatchObject(refusal("refused", "not_active"));
    expect(await call("get_subscription")).toMatchObject({ value: { status: "cancelled", ends_on: "2026-12-05" } });
    expect(await settle("cancel_subscription", cancel)).toEqual(cancelled);
  });

  it("changes no subscription of another customer", async () => {
    const other = { who: "maria" } as const;
    expect(await call("cancel_subscription", sub, other)).toMatchObject(refusal("not_found", "no_subscription"));
    expect(await call("apply_offer", { ...sub, kind: "pause", months: 1 }, other)).toMatchObject({ ok: false });
  });

  it("makes one offer, which is found by its idempotency key", async () => {
    const offer = { ...sub, kind: "discount", percent: 30, months: 3 };
    const made = { ok: true, value: { id: "off_1", kind: "discount", percent: 30, months: 3 } };
    expect(await call("apply_offer", offer, { key: "a" })).toEqual(made);
    expect(await call("apply_offer", offer, { key: "a" })).toEqual(made);
    expect(await call("apply_offer", offer, { key: "b" })).toMatchObject(refusal("refused", "not_possible"));
    expect(await settle("apply_offer", offer, { key: "a" })).toEqual(made);
    expect(await call("find_offer", { key: "b" })).toMatchObject(refusal("not_found", "no_offer"));
  });

  it("pauses a plan, and makes no offer on one that is not active", async () => {
    const pause = { ...sub, kind: "pause", months: 1 };
    expect(await call("apply_offer", pause)).toMatchObject({ ok: true, value: { kind: "pause", months: 1 } });
    expect(await call("get_subscription")).toMatchObject({ value: { status: "paused" } });
    expect(await call("apply_offer", { ...pause, id: "sub_tom" }, { who: "tom" })).toMatchObject({ ok: false });
  });

  it.each([
    [{ kind: "discount", months: 3 }],
    [{ kind: "discount", percent: 90, months: 3 }],
    [{ kind: "pause", months: 0.5 }],
  ])("does not accept %j", async (offer) => {
    expect(await call("apply_offer", { ...sub, ...offer })).toMatchObject({
      ok: false,
      error: { reason: "bad_input" },
    });
  });
});

describe("the example's shop", () => {
  const { call, settle } = system("orders", "ORDERS", "shop");
  const who = "acc-1004";
  const damage = { number: "AB-1234", sku: "LAMP-01", description: "The shade is broken", photo: "file:77" };

  it("shows customers their own orders", async () => {
    expect(await call("list_orders", {}, { who })).toMatchObject({
      value: { orders: [{ number: "AB-1234", status: "delivered", total_usd: 104 }, { number: "AB-2210" }] },
    });
    expect(await call("get_order", { number: "ab-1234" }, { who })).toMatchObject({
      value: { number: "AB-1234", delivered_on: "2026-11-16", items: [{ sku: "LAMP-01" }, { quantity: 2 }] },
    });
    for (const number of ["AB-4412", "AB-9999"])
      expect(await call("get_order", { number }, { who })).toMatchObject(refusal("not_found", "no_order"));
  });

  it("takes one report for each damaged item of a delivered order", async () => {
    const value = { id: "dmg-1", order: "AB-1234", sku: "LAMP-01", value_usd: 89, remedy: "none", refunded_usd: 0 };
    expect(await call("report_damage", damage, { who })).toEqual({ ok: true, value });
    const not = refusal("refused", "not_possible");
    expect(await call("report_damage", damage, { who })).toMatchObject(not);
    expect(await call("report_damage", { ...damage, number: "AB-2210", sku: "CHAIR-07" }, { who })).toMatchObject(not);
    const none = refusal("not_found", "no_order_or_item");
    expect(await call("report_damage", { ...damage, sku: "CHAIR-07" }, { who })).toMatchObject(none);
    expect(await call("report_damage", damage, { who: "acc-1001" })).toMatchObject(none);
    expect(await call("get_damage_report", { report: "dmg-1" }, { who: "acc-1001" })).toMatchObject({ ok: false });
  });

  it("remedies a report once: with a replacement", async () => {
    await call("report_damage", damage, { who });
    expect(await settle("send_replacement", { report: "dmg-1" }, { who })).toMatchObject({ ok: false });
    expect(await call("send_replacement", { report: "dmg-1" }, { who })).toEqual({ ok: true, value: null });
    expect(await settle("send_replacement", { report: "dmg-1" }, { who })).toEqual({ ok: true, value: null });
    const again = await call("refund", { report: "dmg-1", amount_usd: 5 }, { who });
    expect(again).toMatchObject(refusal("refused", "not_possible"));
  }, 15_000);

  it("or with a refund of at most what it cost", async () => {
    await call("report_damage", damage, { who });
    const refund = (amount_usd: number) => call("refund", { report: "dmg-1", amount_usd }, { who });
    expect(await refund(89.5)).toMatchObject(refusal("refused", "not_possible"));
    expect(await refund(-1)).toMatchObject({ ok: false, error: { reason: "bad_input" } });
    expect(await refund(89)).toEqual({ ok: true, value: null });
    expect(await call("get_damage_report", { report: "dmg-1" }, { who })).toMatchObject({
      value: { remedy: "refund", refunded_usd: 89 },
    });
  });
});

describe("the example's logins", () => {
  const { call, settle } = system("accounts", "ACCOUNTS", "logins");
  const status = (email: string) => call("get_account", { email });

  it.each([
    ["priya@nair.example", "active"],
    [" Sam@Lee.example", "locked"],
    ["tom@whitfield.example", "suspended"],
  ])("%s is %s", async (email, word) => {
    expect(await status(email)).toMatchObject({ ok: true, value: { status: word } });
  });

  it("unlocks the customer's own login, and only what is locked", async () => {
    const sam = { email: "sam@lee.example" };
    expect(await call("unlock", sam, { who: "acc-1001" })).toMatchObject(refusal("not_found", "no_account"));
    expect(await call("unlock", sam, { who: "acc-1002" })).toEqual({ ok: true, value: { ...sam, status: "active" } });
    expect(await call("unlock", sam, { who: "acc-1002" })).toMatchObject(refusal("refused", "not_locked"));
    expect(await settle("unlock", sam, { who: "acc-1002" })).toMatchObject({ ok: true });
    expect(await status("nobody@x.example")).toMatchObject(refusal("not_found", "no_account"));
  });

  it("sends mails to addresses on file, and opens tickets", async () => {
    const mail = (email: string, template: string) => call("notify", { email, template });
    expect(await mail("sam@lee.example", "reset_link")).toEqual({ ok: true, value: { id: "mail-1" } });
    expect(await mail("nobody@x.example", "reset_link")).toMatchObject(refusal("not_found", "no_account"));
    expect(await call("notify", { email: "sam@lee.example", template: "spam" })).toMatchObject({ ok: false });
    const ticket = { subject: "Locked out", text: "Since Monday", priority: "high" };
    expect(await call("open_ticket", ticket)).toEqual({ ok: true, value: { id: "T-1000" } });
    expect(await call("open_ticket", { ...ticket, subject: "" })).toMatchObject({ ok: false });
  });
});

describe("the example's service", () => {
  it.each([["billing"], ["orders"]])("%s refuses a wrong token", async (name) => {
    const path = name === "orders" ? "shop" : "billing";
    const { caller } = system(name, name.toUpperCase(), path);
    const operation = name === "orders" ? "list_orders" : "get_subscription";
    const { result } = await caller("wrong").call(operation, { identity: WHO.priya });
    expect(result).toMatchObject({ ok: false, error: { reason: "refused" } });
  });

  it.each([
    ["GET", "/crm/accounts/%", "", 400],
    ["GET", "/", "", 404],
    ["GET", "/crm/accounts/", "", 404],
    ["DELETE", "/crm/accounts/acc-1001", "", 404],
    ["POST", "/crm/accounts/acc-1001/notes", "{", 400],
    ["POST", "/crm/accounts/acc-1001/notes", "{}", 422],
    ["POST", "/crm/accounts/acc-1001/notes", "x".repeat(20_000), 413],
    ["GET", "/billing/toString", "", 404],
    ["GET", "/__proto__/x", "", 404],
  ])("answers %s %s with %i", async (method, path, body, status) => {
    const headers = { authorization: `Bearer ${DEMO_TOKEN}` };
    const response = await fetch(acme.url + path, { method, headers, ...(body === "" ? {} : { body }) });
    expect(response.status).toBe(status);
  });

  it("tells which field of a body is wrong", async () => {
    const body = JSON.stringify({ customer_id: "cus_priya", kind: "discount", months: 3 });
    const headers = { authorization: `Bearer ${DEMO_TOKEN}` };
    const response = await fetch(`${acme.url}/billing/subscriptions/sub_priya/offers`, {
      method: "POST",
      headers,
      body,
    });
    expect(await response.json()).toEqual({ error: "invalid", field: "percent", problem: "a discount needs it" });
  });

  it("listens on this machine only, and reports a taken port", async () => {
    expect(new URL(acme.url).hostname).toBe("127.0.0.1");
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    await expect(startAcme({ port: (taken.address() as AddressInfo).port })).rejects.toThrow("EADDRINUSE");
    taken.close();
  });
});
