import { describe, expect, it } from "vitest";
import { playground } from "../../../channels/playground/index.ts";
import { MAX_BODY_BYTES, MAX_TEXT_CHARACTERS } from "../../../channels/playground/limits.ts";
import { sign } from "../../../channels/playground/verify.ts";
import { fit } from "../../../src/adapter/fit.ts";
import type { RawRequest } from "../../../src/adapter/inbound.ts";
import { threadId } from "../../../src/domain/ids.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { channelConformance } from "../../conformance/channel.ts";
import { leaving } from "../../support/flight.ts";
import { playgroundRequest, playgroundSubject, SECRET } from "../../support/playground-subject.ts";

channelConformance("playground with buttons", playgroundSubject("buttons"));
channelConformance("playground like an SMS", playgroundSubject("sms"));

const NOW = new Date("2026-11-20T10:00:00Z");
const config = playground.config.parse({ secret: SECRET });
const bytes = (text: string) => new TextEncoder().encode(text);
const { verify, respond } = playground.webhook ?? expect.unreachable();

function parsed(body: unknown, raw: Uint8Array = bytes(JSON.stringify(body))) {
  const [first, ...others] = playground.parse({ body: raw, contentType: "application/json", receivedAt: NOW }, config);
  expect(others).toEqual([]);
  return first;
}

describe("a word that carriers act on", () => {
  it.each([
    ["sms", "Stop.", "opt_out"],
    ["sms", "START", "opt_in"],
    ["sms", "help", "help"],
    ["sms", "stop by the store", "message"],
    ["buttons", "STOP", "message"],
  ] as const)("with the look %s, %j is parsed as %s", (look, text, kind) => {
    const body = bytes(JSON.stringify({ type: "message", id: "1", thread: "t", from: "dana", text }));
    const as = playground.config.parse({ secret: SECRET, look });
    const read = playground.parse({ body, contentType: "application/json", receivedAt: NOW }, as);
    expect(read).toMatchObject([{ kind, text, thread: "t" }]);
  });
});

describe("playground configuration", () => {
  it.each([
    [{}, /env:NAME or file:/],
    [{ secret: "short" }, /16 characters or more/],
    [{ secret: SECRET, look: "pager" }, /look/],
    [{ secret: SECRET, colour: "red" }, /colour/],
  ])("explains the fault in %j", (input, message) => {
    expect(() => playground.config.parse(input)).toThrow(message);
  });

  it("shows buttons by default", () => {
    expect(config.look).toBe("buttons");
  });
});

describe("playground signature", () => {
  it("is the HMAC-SHA256 of the time, a dot and the body", () => {
    // openssl: printf '1763632800.{}' | openssl dgst -sha256 -hmac 'a secret of the playground'
    expect(sign("{}", SECRET, new Date(1_763_632_800_999))).toEqual({
      "x-frontdesk-timestamp": "1763632800",
      "x-frontdesk-signature": "sha256=754b63dfaf2498d8260d6f05059c0633acfbf7c483eb3b232674fae859f1aa6a",
    });
  });

  it.each([
    ["no time", { "x-frontdesk-timestamp": "" }, /unix seconds/],
    ["a time with a sign", { "x-frontdesk-timestamp": "-1" }, /unix seconds/],
    ["an invalid time", { "x-frontdesk-timestamp": "NaN" }, /unix seconds/],
    ["another time", { "x-frontdesk-timestamp": String(NOW.getTime() / 1_000 + 1) }, /does not match/],
    ["an empty signature", { "x-frontdesk-signature": "" }, /does not match/],
    ["a signature with umlauts", { "x-frontdesk-signature": `sha256=${"ä".repeat(32)}` }, /does not match/],
  ])("refuses %s", (_, headers, reason) => {
    const request = playgroundRequest(bytes("{}"), NOW);
    const changed: RawRequest = { ...request, headers: { ...request.headers, ...headers } };
    expect(verify(changed, config, NOW)).toEqual({ ok: false, status: 401, reason: expect.stringMatching(reason) });
  });

  it("refuses a body that is too large before anything else", () => {
    const large = playgroundRequest(new Uint8Array(MAX_BODY_BYTES + 1), NOW);
    expect(verify(large, config, NOW)).toMatchObject({ ok: false, status: 413 });
    expect(parsed(null, large.body)).toMatchObject({ kind: "ignored" });
  });

  it("answers in JSON with the stored items, or the fault", () => {
    expect(respond({ ok: true }, [{ outcome: "stored", conversation: 7 }])).toEqual({
      status: 200,
      contentType: "application/json",
      body: '{"stored":[{"outcome":"stored","conversation":7}]}',
    });
    expect(respond({ ok: false, status: 401, reason: "stale" }, [])).toEqual({
      status: 401,
      contentType: "application/json",
      body: '{"error":"stale"}',
    });
  });
});

describe("playground bodies", () => {
  const message = { type: "message", id: "1", thread: "t", from: "f", text: "hi" };
  const action = { type: "action", id: "1", thread: "case:1", operator: "luca", conversation: 1 };

  it.each([
    ["no id", { ...message, id: "" }],
    ["an unknown key", { ...message, colour: "red" }],
    ["a text that is too long", { ...message, text: "x".repeat(MAX_TEXT_CHARACTERS + 1) }],
    ["an invalid time", { ...message, sentAt: "yesterday" }],
    ["an unknown command", { ...action, command: { kind: "explode" } }],
    ["an empty reply", { ...action, command: { kind: "reply", text: "" } }],
    ["a conversation that is not a number", { ...action, conversation: "1", command: { kind: "claim" } }],
    ["a list", [message]],
    ["null", null],
  ])("are ignored, with a reason, for %s", (_, body) => {
    expect(parsed(body)).toEqual({
      kind: "ignored",
      dedupeKeys: [],
      externalId: "",
      reason: "not_a_playground_body",
    });
  });

  it("are ignored if they are not UTF-8, because nothing is guessed", () => {
    const broken = bytes(JSON.stringify(message));
    broken[broken.length - 4] = 0xff;
    expect(parsed(null, broken)).toMatchObject({ kind: "ignored", reason: "not_json" });
  });
});

describe("playground looks", () => {
  const menu = {
    text: "What is it about?",
    options: [{ n: 1, id: "billing", label: "Billing", aliases: ["invoice"] }],
    promptId: "p1",
  };
  const shown = (look: "buttons" | "sms") => {
    const configured = playground.config.parse({ secret: SECRET, look });
    const parts = fit(menu, playground.capabilities(configured), playground.measure);
    return parts.map((part) => playground.encode(part, configured));
  };

  it("show buttons, or numbered lines", () => {
    expect(shown("buttons")).toEqual([
      { text: "What is it about?", promptId: "p1", options: [{ n: 1, id: "billing", label: "Billing" }] },
    ]);
    expect(shown("sms")).toEqual([{ text: "What is it about?\n\n1) Billing" }]);
  });
});

describe("playground sending", () => {
  it("gives the same key the same id, and may always be repeated", async () => {
    const connection = await playground.connect(config, { log: createLogger({ level: "silent" }) });
    const { signal } = new AbortController();
    const send = () => connection.send(threadId("t"), { text: "hi" }, { key: "12", signal, leaving });
    expect([await send(), await send()]).toEqual(["pg:12", "pg:12"]);
    await expect(connection.reconcile?.(threadId("t"), "12", { agoMs: 0, signal })).resolves.toBe("not-sent");
    await connection.close();
  });
});
