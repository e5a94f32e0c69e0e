import * as fc from "fast-check";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, retryOf } from "../../../channels/twilio/error-codes.ts";
import { retryAfterMs, twilioRefusal } from "../../../channels/twilio/refusal.ts";
import { verifySignature } from "../../../channels/twilio/signature.ts";
import { deliveryStatus } from "../../../channels/twilio/status.ts";
import { callbackUrl } from "../../../channels/twilio-sms/connect.ts";
import { twilioSms } from "../../../channels/twilio-sms/index.ts";
import { MAX_BODY_CHARACTERS } from "../../../channels/twilio-sms/limits.ts";
import { airText, segments, septets } from "../../../channels/twilio-sms/septets.ts";
import { fit } from "../../../src/adapter/fit.ts";
import type { DeliveryStatus, Inbound, RawRequest } from "../../../src/adapter/inbound.ts";
import { DELIVERY_RANK } from "../../../src/domain/delivery.ts";
import { threadId } from "../../../src/domain/ids.ts";
import { channelConformance } from "../../conformance/channel.ts";
import { twilioSpec } from "../../support/twilio-rules.ts";

const ACCOUNT = `AC${"0".repeat(31)}1`;
const TOKEN = "12345";
const NOW = new Date("2026-11-20T10:41:00Z");
const URL_OF_WEBHOOK = "https://bot.example.com/twilio/inbound";
const settings = { adapter: "twilio-sms", account_sid: ACCOUNT, auth_token: TOKEN, from: "+15558675310" };
const config = twilioSms.config.parse(settings);
const webhook = twilioSms.webhook ?? expect.unreachable();
const verify = (arrived: RawRequest, by = config) => webhook.verify(arrived, by, NOW);

const bytes = (text: string) => new TextEncoder().encode(text);
const spelled = (form: Uint8Array) =>
  new TextDecoder("latin1").decode(form).replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
const urlencoded = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

function request(body: string, change: Partial<RawRequest> & { signature?: string } = {}): RawRequest {
  const { signature, ...rest } = change;
  const headers: Record<string, string> = signature === undefined ? {} : { "x-twilio-signature": signature };
  const contentType = "application/x-www-form-urlencoded";
  return { method: "POST", url: URL_OF_WEBHOOK, headers, body: bytes(body), contentType, receivedAt: NOW, ...rest };
}

function signedRequest(fields: Record<string, string>, { token = TOKEN, url = URL_OF_WEBHOOK } = {}): RawRequest {
  return request(urlencoded(fields), { url, signature: getExpectedTwilioSignature(token, url, fields) });
}

function parsed(fields: Record<string, string>): Inbound {
  const raw = { body: bytes(urlencoded(fields)), contentType: "application/x-www-form-urlencoded", receivedAt: NOW };
  const [first, ...others] = twilioSms.parse(raw, config);
  expect(others).toEqual([]);
  return first ?? expect.unreachable();
}

const text = (body: string, more: Record<string, string> = {}) => ({
  MessageSid: `SM${"0".repeat(31)}1`,
  AccountSid: ACCOUNT,
  From: "+14017122661",
  To: "+15558675310",
  Body: body,
  NumMedia: "0",
  ...more,
});

const after = (statuses: readonly string[]): DeliveryStatus =>
  statuses
    .map((status) => deliveryStatus(status) ?? expect.unreachable())
    .reduce((known, told) => (DELIVERY_RANK[told] > DELIVERY_RANK[known] ? told : known));

const answer = (statusCode: number, code?: number, headers: Record<string, string> = {}) => {
  const body = code === undefined ? "<html>" : JSON.stringify({ code, message: "to +14017122661", status: statusCode });
  return twilioRefusal({ statusCode, headers, body }, NOW);
};

const parts = (body: string) =>
  fit({ text: body }, twilioSms.capabilities(config), (piece) => twilioSms.measure(piece));

const MESSAGE = `SM${"0".repeat(31)}1`;

channelConformance("twilio-sms", {
  adapter: twilioSms,
  config: settings,
  message: (body) => bytes(urlencoded(text(body))),
  contentType: "application/x-www-form-urlencoded",
  samples: new URL("../../../channels/twilio-sms/samples/", import.meta.url),
  webhook: {
    request(body, at) {
      const fields = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body)));
      return { ...signedRequest(fields), receivedAt: at };
    },
    foreignConfig: { ...settings, auth_token: "another" },
    signedTime: { doesNotApply: "Twilio signs no time; a replay has the same MessageSid" },
  },
  click: { doesNotApply: "SMS has no buttons" },
  sending: {
    config: (apiUrl) => ({ ...settings, api_url: apiUrl }),
    thread: threadId("+15558675310:+14017122661"),
    accepted: { status: 201, body: JSON.stringify({ sid: MESSAGE, status: "queued" }), remoteId: MESSAGE },
    refused: { status: 400, body: JSON.stringify({ code: 21211, status: 400 }) },
    busy: { status: 429, body: JSON.stringify({ code: 20429, status: 429 }) },
    broken: { status: 500, body: JSON.stringify({ code: 20500, status: 500 }) },
  },
});

describe("configuration", () => {
  it.each([
    [{ account_sid: "SK123" }, /Account SID: AC and 32/],
    [{ auth_token: "" }, /environment variable or file/],
    [{ auth_token: undefined }, /env:NAME or file:/],
    [{ from: "555 0100" }, /E\.164/],
    [{ messaging_service_sid: `MG${"0".repeat(32)}` }, /not both/],
    [{ from: undefined }, /set either from/],
    [{ api_url: "ftp://x" }, /http or https/],
    [{ public_url: "https://a.example/sms?x=1" }, /no query/],
    [{ form: "+15550100" }, /form/],
  ])("explains the fault in %j", (change, message) => {
    const input = Object.fromEntries(
      Object.entries({ ...settings, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(() => twilioSms.config.parse(input)).toThrow(message);
  });
});

describe("signature", () => {
  it("accepts Twilio's published form vector", () => {
    const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const call = { CallSid: "CA1234567890ABCDE", Caller: "+14158675309", Digits: "1234" };
    const body = urlencoded({ ...call, From: "+14158675309", To: "+18005551212" });
    expect(verify(request(body, { url, signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8=" }))).toEqual({
      ok: true,
    });
  });

  const json = '{"property": "value", "boolean": true}';
  const hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
  const hashed = { url: `https://mycompany.com/myapp.php?bodySHA256=${hash}`, contentType: "application/json" };
  const jsonSignature = "y77kIzt2vzLz71DgmJGsen2scGs=";

  it("accepts the published JSON vector and no other body", () => {
    expect(verify(request(json, { ...hashed, signature: jsonSignature }))).toEqual({ ok: true });
    const other = verify(request(`${json} `, { ...hashed, signature: jsonSignature }), config);
    expect(other).toMatchObject({ ok: false, status: 403 });
  });

  it("refuses JSON whose hash is not in the URL, though the URL is signed", () => {
    const url = "https://mycompany.com/myapp.php";
    const signature = getExpectedTwilioSignature(TOKEN, url, {});
    const bare = verify(request(json, { url, contentType: "application/json", signature }), config);
    expect(bare).toMatchObject({ ok: false, status: 403 });
  });

  it("refuses a form sent to a URL that was signed without it", () => {
    const posted = request(urlencoded(text("hi")), { url: hashed.url, signature: jsonSignature });
    expect(verify(posted)).toMatchObject({ ok: false, status: 403 });
  });

  it("keeps white space: a trimmed body has another signature (SM1)", () => {
    const body = urlencoded(text(" 2 "));
    expect(verify(request(body, { signature: "qO4ysoa+OMqFojSD+1/bnMvqkPQ=" }))).toEqual({ ok: true });
    const trimmed = verify(request(body, { signature: "Hr+GhWgsjqhDHrfT6qJI4mttVwE=" }), config);
    expect(trimmed).toMatchObject({ ok: false, status: 403 });
  });

  it("covers unknown parameters (SM1)", () => {
    const signed = signedRequest(text(" 2 ", { Brand_New: "" }));
    expect(verify(signed)).toEqual({ ok: true });
    const stripped = { ...signed, body: bytes(urlencoded(text(" 2 "))) };
    expect(verify(stripped)).toMatchObject({ ok: false, status: 403 });
  });

  it("refuses every change of one byte (SM1)", () => {
    const signed = signedRequest(text(" 2 ", { Empty: "", Unknown: "ünï" }));
    const replacements = [...bytes("+ &=%#?;aA0\0\n"), 0x80, 0xc3, 0xff];
    for (const [at, byte] of signed.body.entries()) {
      for (const other of [...replacements, byte ^ 1, byte ^ 32, byte ^ 128]) {
        const body = signed.body.slice();
        body[at] = other;
        // %2b and %2B are the same byte.
        if (spelled(body) === spelled(signed.body)) continue;
        expect(verify({ ...signed, body })).toMatchObject({ ok: false, status: 403 });
      }
    }
  });

  it.each([
    ["an unescaped space", "Body=a b"],
    ["unescaped UTF-8", "Body=ü"],
    ["a broken escape", "Body=%G1"],
    ["bytes that are not UTF-8", "Body=%FF"],
    ["a name without a value", "Body"],
    ["an empty pair", "Body=a&&NumMedia=0"],
    ["a pair without a name", "=a"],
  ])("refuses %s, though its fields are signed", (_name, body) => {
    const fields = Object.fromEntries(new URLSearchParams(body));
    const signature = getExpectedTwilioSignature(TOKEN, URL_OF_WEBHOOK, fields);
    expect(verify(request(body, { signature }))).toMatchObject({ ok: false, reason: expect.stringMatching(/form/) });
  });

  it("signs any Unicode, and accepts no other text for it", () => {
    const value = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), value, (fields, token) => {
        fc.pre(token !== "" && token !== TOKEN && !("AccountSid" in fields));
        const signedFor = { accountSid: ACCOUNT, authTokens: [TOKEN] };
        expect(verifySignature(signedRequest(fields), signedFor)).toEqual({ ok: true });
        const foreign = verifySignature(signedRequest(fields, { token }), signedFor);
        expect(foreign).toMatchObject({ ok: false, status: 403 });
      }),
    );
  });

  // Twilio signs names and values without separators, so these have the same signature as the genuine form beside them.
  const customer = text("hello", { To: "+15558675310" });
  const { NumMedia: _n, ...uncounted } = customer;
  const { From: _f, ...unsent } = customer;
  const { Body: _b, ...unspoken } = customer;
  const FORGED = `From+15551234567MessageSidSM${"a".repeat(32)}NumMedia0`;
  const crafted = text(`x${FORGED}`);
  const tail = `From${crafted.From}MessageSid${crafted.MessageSid}NumMedia0`;
  const forged = { ...customer, Body: "x", From: "+15551234567", MessageSid: `SM${"a".repeat(32)}` };
  it.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
    [
      "an id that contains the next one",
      customer,
      { ...uncounted, MessageSid: `${MESSAGE}NumMedia0` },
      /MessageSid has a form/,
    ],
    ["a text that contains the sender", customer, { ...unsent, Body: `helloFrom${customer.From}` }, /^$/],
    ["a text split after its first letters", customer, { ...unspoken, Bodyhel: "lo" }, /Body is missing/],
    [
      "another sender, split off a customer's text, by a count",
      crafted,
      { ...forged, NumMedia: `0${tail}` },
      /NumMedia has a form/,
    ],
    ["the same by an unknown parameter", text(`x${FORGED}Nz`), { ...forged, Nz: tail }, /Nz holds what reads/],
    [
      "the same with the genuine id kept",
      text("xFrom+15551234567Fz"),
      { ...customer, Body: "x", From: "+15551234567", Fz: `From${customer.From}` },
      /Fz holds/,
    ],
    ["the text itself that could be split so", crafted, crafted, /Body holds what reads/],
  ])("refuses %s", (_name, signed, cut, reason) => {
    const { body: _, ...from } = signedRequest(signed);
    const arrived = { ...from, body: bytes(urlencoded(cut)) };
    expect(verifySignature(arrived, { accountSid: ACCOUNT, authTokens: [TOKEN] })).toEqual({ ok: true });
    const verdict = verify(arrived);
    if (verdict.ok) expect(parsed(cut)).toMatchObject({ kind: "ignored", reason: "bad_sender" });
    else expect(verdict).toMatchObject({ status: 403, reason: expect.stringMatching(reason) });
  });

  it.each([
    ["an invalid name", { "From ": "+15550100" }, /name has characters/],
    ["a NUL in a name", { "Bo\0dy": "x" }, /name has characters/],
    ["an invalid id", { SmsSid: "SM1" }, /SmsSid has a form/],
    ["an address with a NUL", { From: "+1555\0" }, /From has a form/],
    ["an address with a line break", { To: "+1555\n0100" }, /To has a form/],
    ["an invalid count", { NumMedia: "-1" }, /NumMedia has a form/],
    ["a file with another scheme", { MediaUrl0: "file:///etc/passwd" }, /MediaUrl0 has a form/],
  ])("refuses %s, though it is signed", (_name, change, reason) => {
    expect(verify(signedRequest(text("hi", change)))).toMatchObject({
      ok: false,
      status: 403,
      reason: expect.stringMatching(reason),
    });
  });

  it("refuses a repeated parameter, though the signature is the same", () => {
    const signed = signedRequest(text("hi"));
    const twice = bytes(`${new TextDecoder().decode(signed.body)}&Body=hi`);
    expect(verify({ ...signed, body: twice })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/Body is there/),
    });
  });

  it.each([
    ...["68849", "7535", "SUPPORT", "Acme Post", "AMZN-DELIV", "+442071838750", "+1", "ÖBB", "Müller & Co"].map(
      (From) => ({ From }),
    ),
    { From: "whatsapp:+14155550142", To: "whatsapp:+12125550100", ProfileName: "From me to you" },
    { From: "whatsapp:+14155550142", To: "whatsapp:+12125550100", ProfileName: "Road To66" },
    { FromCity: "TOLEDO", ToCity: "FROMBERG", FromState: "OH" },
    { Body: "From: +15550100 To: 0, NumMedia 3\nMessageSid: SM00000000000000000000000000000001" },
    { MessageStatus: "status_of_tomorrow", ErrorCode: "30008", RawDlrDoneDate: "2611201041" },
    { AddOns: '{"status":"successful","results":{"from":"+15550100"}}', Brand_New: "" },
  ])("accepts what Twilio does send: %j", (more) => {
    expect(verify(signedRequest(text("hi", more as Record<string, string>)))).toEqual({ ok: true });
  });

  it.each([
    ["with the default port", "https://bot.example.com:443/twilio/inbound", URL_OF_WEBHOOK],
    ["without the default port", URL_OF_WEBHOOK, "https://bot.example.com:443/twilio/inbound"],
    ["if our URL has the console's fragment", URL_OF_WEBHOOK, `${URL_OF_WEBHOOK}#rc=5&rp=5xx`],
  ])("matches the URL %s", (_name, signedUrl, url) => {
    expect(verify({ ...signedRequest(text("hi"), { url: signedUrl }), url })).toEqual({ ok: true });
  });

  it.each([
    ["https://hooks.example/sms", "https://hooks.example/sms/status?a=1"],
    ["https://hooks.example/sms#rc=5", "https://hooks.example/sms/status?a=1"],
    ["https://hooks.example/sms#rc=5", "https://hooks.example/sms/status?a=1#rc=5"],
  ])("public_url %s replaces the server's own URL", (public_url, url) => {
    const behind = twilioSms.config.parse({ ...settings, public_url });
    const arrived = { ...signedRequest(text("hi"), { url }), url: "http://10.0.0.7:3000/channels/sms/status?a=1" };
    expect(verify(arrived, behind)).toEqual({ ok: true });
    expect(verify(arrived)).toMatchObject({ ok: false, status: 403 });
  });

  it("accepts the previous token during a rotation, and only then", () => {
    const rotating = twilioSms.config.parse({ ...settings, auth_token: "new", previous_auth_token: TOKEN });
    const rotated = twilioSms.config.parse({ ...settings, auth_token: "new" });
    expect(verify(signedRequest(text("hi")), rotating)).toEqual({ ok: true });
    expect(verify(signedRequest(text("hi"), { token: "new" }), rotating)).toEqual({ ok: true });
    expect(verify(signedRequest(text("hi")), rotated)).toMatchObject({ ok: false, status: 403 });
  });

  it.each([
    ["no signature", request(urlencoded(text("hi"))), 403, /missing/],
    ["another account", signedRequest({ ...text("hi"), AccountSid: `AC${"f".repeat(32)}` }), 403, /AccountSid/],
    ["64 KB and a byte", request("a".repeat(64 * 1024 + 1), { signature: "x" }), 413, /larger/],
    ["GET", { ...signedRequest(text("hi")), method: "GET" }, 400, /POST/],
    ["no URL", { ...signedRequest(text("hi")), url: "nonsense" }, 403, /PUBLIC_URL/],
  ])("refuses %s", (_name, arrived, status, reason) => {
    const refused = verify(arrived, config);
    expect(refused).toMatchObject({ ok: false, status, reason: expect.stringMatching(reason) });
    expect(webhook.respond(refused, [])).toMatchObject({ status, contentType: "text/plain" });
  });

  it("answers with empty TwiML, so that no reply bypasses the outbox", () => {
    const answer = { status: 200, contentType: "text/xml", body: "<Response/>" };
    expect(webhook.respond({ ok: true }, [{ outcome: "stored" }])).toEqual(answer);
  });
});

describe("parse", () => {
  it("is total over any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (body, contentType) => {
        for (const item of twilioSms.parse({ body, contentType, receivedAt: NOW }, config)) {
          expect(item.kind).toBe("ignored");
        }
      }),
    );
  });

  it("gives the same keys to the same text, whatever other fields it has (SM2)", () => {
    const again = parsed(text("hi", { Fresh: "1" }));
    expect(again.dedupeKeys).toEqual(parsed(text("hi")).dedupeKeys);
    expect(parsed(text("hi", { MessageSid: `SM${"0".repeat(31)}2` })).dedupeKeys).not.toEqual(again.dedupeKeys);
  });

  it("keeps one thread per customer of a Messaging Service, for all of its numbers", () => {
    const service = `MG${"0".repeat(31)}1`;
    const { from: _, ...others } = settings;
    const pooled = twilioSms.config.parse({ ...others, messaging_service_sid: service });
    const threads = ["+15550001", "+15550002"].map((To) => {
      const body = bytes(urlencoded(text("hi", { To })));
      return twilioSms.parse({ body, contentType: "", receivedAt: NOW }, pooled);
    });
    expect(threads).toMatchObject([[{ thread: `${service}:+14017122661` }], [{ thread: `${service}:+14017122661` }]]);
  });

  it.each([
    ["an id as long as the body allows", { MessageSid: "S".repeat(3_000) }, "bad_message_sid"],
    ["no sender", { From: "" }, "bad_sender"],
    ["a sender with a line break", { From: "+1555\n0100" }, "bad_sender"],
    ["no recipient", { To: "" }, "bad_recipient"],
  ])("ignores %s, with the reason", (_name, change, reason) => {
    expect(parsed(text("hi", change))).toMatchObject({ kind: "ignored", reason });
  });

  it("composes letters (NFC) and keeps white space", () => {
    expect(parsed(text(" caf\u0065\u0301 "))).toMatchObject({ kind: "message", text: " caf\u00e9 " });
  });

  it("flags media that was announced but is missing", () => {
    expect(parsed(text("", { NumMedia: "2", MediaUrl0: "https://m.example/0" }))).toMatchObject({
      attachments: [{ ref: "https://m.example/0" }],
      flags: ["media_missing"],
    });
  });

  it.each([
    ["the first is missing", { NumMedia: "1", MediaUrl1: "https://m.example/1" }, ["1"]],
    ["the first is empty", { NumMedia: "2", MediaUrl0: "", MediaUrl1: "https://m.example/1" }, ["1"]],
    [
      "one between is missing",
      { NumMedia: "3", MediaUrl0: "https://m.example/0", MediaUrl2: "https://m.example/2" },
      ["0", "2"],
    ],
  ])("keeps every listed file if %s", (_name, change, kept) => {
    const message = parsed(text("", change));
    const attachments = kept.map((n) => ({ ref: `https://m.example/${n}` }));
    expect(message).toMatchObject({ kind: "message", flags: ["media_missing"], attachments });
  });

  it("keeps files in order with their types if their count is too low or missing", () => {
    const numbers = Array.from({ length: 11 }, (_, n) => n);
    const urls = Object.fromEntries(numbers.map((n) => [`MediaUrl${n}`, `https://m.example/${n}`]));
    for (const count of [{ NumMedia: "0" }, { NumMedia: "many" }]) {
      const message = parsed(text("", { ...urls, ...count, MediaContentType10: "image/png" }));
      expect(message.flags).toBeUndefined();
      const attachments = numbers.map((n) => ({
        ref: `https://m.example/${n}`,
        ...(n === 10 ? { mediaType: "image/png" } : {}),
      }));
      expect(message).toMatchObject({ kind: "message", attachments });
    }
  });

  it.each([
    ["a".repeat(1_599), undefined],
    ["a".repeat(1_600), ["truncated"]],
    ["🙂".repeat(1_000), undefined],
    ["🙂".repeat(800), ["truncated"]],
    ["🙂".repeat(1_600), ["truncated"]],
  ])("flags a text that Twilio cut at 1,600 characters (#%#)", (body, flags) => {
    const message = parsed(text(body));
    expect([message.kind, message.flags]).toEqual(["message", flags]);
  });

  it.each([
    "Liked “1) Billing”",
    "Loved “1) Billing\n2) Delivery”",
    "Laughed at “Ha”",
    "Emphasized “!”",
    "Emphasised “!”",
    "Questioned “1) Billing”",
    "Disliked “no”",
    "Liked an image",
    "Reacted 👍 to “1) Billing”",
    "Reacted 👨‍👩‍👧 to “Hi”",
    "\u200aReacted \u200b😂\u200b to “\u200aSee you soon\u200a”\u200a",
    "👍 to “1) Billing”",
    "\u200b👍\u200b to “\u200a1) Billing\u200a”",
    "Removed a heart from “1) Billing”",
    "Removed 👍 from “1) Billing”",
    "Removed an exclamation from “!”",
    "„1) Rechnung“ ein Herz hinzugefügt",
    "Gefällt „1) Rechnung“",
    "Reacted with a sticker to “1) Billing”",
    "Reacted 🇩🇪 to an image",
    "Removed a question mark from a photo",
    "👍 to “1) Billing” removed",
    "Liked “We call it “Basic”.”",
    "Liked “Wir nennen es „Basic“”",
    "Loved “Our plans: “Basic”, “Prem…”",
  ])("reads the tapback %j as a reaction (SM6)", (body) => {
    expect(parsed(text(body))).toMatchObject({ kind: "ignored", reason: "reaction" });
  });

  it.each([
    "Liked it, thanks",
    "He said “no” again",
    'Liked "Billing"',
    "Reacted badly to “the cream”",
    "👍",
    "👍 to Billing",
    "Liked “1) Billing” but it did not help",
    "Mir gefällt „1) Rechnung“ nicht",
    "Disliked “Premium”, I want “Basic”",
    "Questioned “overdraft fee” on my bill and nobody answered about “refund”",
    "Liked “Blue”? No, I ordered “Green”",
    "Liked “1) Billing”\nmy number is “17”",
    "👍 to “Basic”, not “Premium”",
    "Removed a heart from “my” order “17”",
    "Gefällt „Blau“? Nein, ich will „Grün“",
    "„Blau“ oder „Grün“ ein Herz hinzugefügt",
    "Reacted 123 to “the cream”",
    "Removed a like from a friend",
    "Liked “Premium",
    "I said “no” to “yes”",
    "1",
    "Stop by the store tomorrow?",
  ])("reads %j as a message", (body) => {
    expect(parsed(text(body))).toMatchObject({ kind: "message", text: body });
  });
});

const failedWith = (code: string) =>
  parsed({ MessageSid: MESSAGE, AccountSid: ACCOUNT, MessageStatus: "failed", ErrorCode: code });

describe("a word that Twilio acts on", () => {
  it.each([
    ["STOP", undefined, "opt_out"],
    [" stop. ", undefined, "opt_out"],
    ["CANCEL", undefined, "opt_out"],
    ["START", undefined, "opt_in"],
    ["YES", undefined, "opt_in"],
    ["INFO", undefined, "help"],
    ["STOP 12345 please", undefined, "message"],
    // Advanced Opt-Out: the service's own words, and carrier words that it has redefined.
    ["Abmelden", "STOP", "opt_out"],
    ["Anmelden", "START", "opt_in"],
    ["Hilfe", "HELP", "help"],
    ["STOP", "START", "opt_in"],
    ["STOP", "tomorrow", "opt_out"],
  ] as const)(
    "%j with OptOutType %s is parsed as %s, as typed, for the number that it was sent to",
    (body, type, kind) => {
      const more: Record<string, string> = type === undefined ? {} : { OptOutType: type };
      expect(parsed(text(body, more))).toMatchObject({
        kind,
        text: body,
        thread: "+15558675310:+14017122661",
        ...(kind === "message" ? {} : { ours: "+15558675310" }),
      });
    },
  );

  it("keeps the files that come with it", () => {
    const url = "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME";
    expect(parsed(text("yes", { NumMedia: "1", MediaUrl0: url }))).toMatchObject({ attachments: [{ ref: url }] });
  });

  it("is also an opt-out if a message of ours is refused for it, and only then", () => {
    expect(answer(400, 21610)).toMatchObject({ optedOut: true });
    expect(answer(400, 21614)).toMatchObject({ optedOut: false });
    expect(failedWith("21610")).toMatchObject({ kind: "receipt", code: "21610", optedOut: true });
    expect(failedWith("30003")).not.toHaveProperty("optedOut");
  });
});

describe("delivery status", () => {
  it("only moves forward, for any order of callbacks (SM8)", () => {
    const told = fc.shuffledSubarray(["queued", "sending", "sent", "delivered"], { minLength: 4 });
    fc.assert(fc.property(told, (order) => after(order) === "delivered"));
  });

  it.each([
    [["delivered", "sent", "queued"], "delivered"],
    [["undelivered", "delivered"], "delivered"],
    [["read", "undelivered"], "read"],
    [["failed", "sent"], "failed"],
    [["canceled", "queued"], "failed"],
    [["undelivered", "failed"], "undelivered"],
    [["accepted", "queued", "scheduled"], "accepted"],
  ])("%j ends at %s", (order, status) => {
    expect(after(order)).toBe(status);
  });

  const spec = twilioSpec?.components.schemas["message_enum_status"]?.enum ?? [];
  it.skipIf(twilioSpec === null)("knows every status in Twilio's schema that our messages can have", () => {
    expect(spec.filter((status) => deliveryStatus(status) === undefined).sort()).toEqual([
      "partially_delivered",
      "received",
      "receiving",
    ]);
  });
});

describe("refusals", () => {
  it.each([
    [429, 20429, {}, "not-sent", { afterMs: 5_000 }],
    [429, undefined, { "retry-after": "7" }, "not-sent", { afterMs: 7_000 }],
    [429, 20429, { "retry-after": "Fri, 20 Nov 2026 10:41:30 GMT" }, "not-sent", { afterMs: 30_000 }],
    [429, 20429, { "retry-after": "soon" }, "not-sent", { afterMs: 5_000 }],
    [429, 99999, { "retry-after": "3" }, "not-sent", { afterMs: 3_000 }],
    [429, 63038, {}, "not-sent", { afterMs: 86_400_000 }],
    [400, 21611, {}, "not-sent", { afterMs: 5_000 }],
    [400, 30003, {}, "not-sent", { afterMs: 7_200_000 }],
    [400, 21610, {}, "not-sent", "never"],
    [400, 21211, {}, "not-sent", "never"],
    [400, 21617, { "retry-after": "7" }, "not-sent", "never"],
    [401, 20003, {}, "not-sent", "never"],
    [400, 29999, {}, "not-sent", "never"],
    [404, undefined, {}, "not-sent", "never"],
    [302, undefined, {}, "not-sent", "never"],
    [408, undefined, {}, "unknown", "never"],
    [500, 20500, {}, "unknown", "never"],
    [503, undefined, { "retry-after": "1" }, "unknown", "never"],
  ])("HTTP %s with code %s and %j: %s, retry %j", (status, code, headers, outcome, retry) => {
    expect(answer(status, code, headers)).toMatchObject({ outcome, retry });
  });

  it("names the code and its page, and no customer data", () => {
    expect(answer(400, 21610)).toMatchObject({
      code: "21610",
      message: expect.stringContaining("/docs/api/errors/21610"),
    });
    expect(answer(400, 21610).message).not.toContain("+1401");
    expect(answer(400, 29999).message).toContain("29999");
    expect(answer(404).message).toContain("api_url");
  });

  it("limits a Retry-After to a day, and ignores one in the past", () => {
    expect(retryAfterMs("99999999", NOW)).toBe(86_400_000);
    expect(retryAfterMs("Fri, 20 Nov 2020 10:41:30 GMT", NOW)).toBe(0);
    expect(retryAfterMs(undefined, NOW)).toBeUndefined();
  });

  it("retries only errors that are not the message's fault", () => {
    const retried = [...ERROR_CODES].filter(([, { class: kind }]) => retryOf(kind) !== "never").map(([code]) => code);
    const busy = [20429, 21611, 30001, 30017, 30022, 30023, 30027, 63017, 63018, 63038];
    expect(new Set(retried)).toEqual(new Set([...busy, 30003, 30008, 30009, 30410]));
  });
});

describe("measure", () => {
  it.each([
    ["", 0, "gsm-7", 0, 1],
    ["Hello", 5, "gsm-7", 5, 1],
    ["[€]", 6, "gsm-7", 6, 1],
    ["a".repeat(160), 160, "gsm-7", 160, 1],
    ["a".repeat(161), 161, "gsm-7", 161, 2],
    ["a".repeat(306), 306, "gsm-7", 306, 2],
    ["a".repeat(307), 307, "gsm-7", 307, 3],
    // An escape pair does not fit in the last septet of a segment, and leaves it empty.
    [`${"a".repeat(152)}€${"a".repeat(152)}`, 306, "gsm-7", 306, 3],
    ["ç", 3, "ucs-2", 1, 1],
    ["日".repeat(70), 160, "ucs-2", 70, 1],
    ["日".repeat(71), 163, "ucs-2", 71, 2],
    ["日".repeat(134), 306, "ucs-2", 134, 2],
    ["日".repeat(135), 309, "ucs-2", 135, 3],
    // A surrogate pair does not fit in the last unit of a segment.
    [`${"日".repeat(66)}🙂${"日".repeat(66)}`, 306, "ucs-2", 134, 3],
  ])("counts %j: %s septets, %s, %s units, %s segments", (body, cost, encoding, units, count) => {
    expect(septets(body)).toBe(cost);
    expect(segments(body)).toEqual({ encoding, units, count });
  });

  it.each([
    ["“Don’t” – wait…", '"Don\'t" - wait...'],
    ["1\u00a0000\u202f€", "1 000 €"],
    ["„so“ «là»", '"so" "là"'],
    ["cafe\u0301", "café"],
    ["a\tb", "a b"],
    ["garçon – “ça va”", "garçon – “ça va”"],
    ["Fine… 🙂", "Fine… 🙂"],
    ["\ud83d", "\ufffd"],
  ])("sends %j as %j", (asked, sent) => {
    expect(twilioSms.encode({ text: asked }, config)).toEqual({ body: sent });
  });

  const long = "a".repeat(1_590);
  it("keeps a curly quote from doubling the price (SM7)", () => {
    expect(segments(airText(`${long}’`))).toEqual({ encoding: "gsm-7", units: 1_591, count: 11 });
    const emoji = `${long.slice(0, 152)}🙂${long.slice(152)}’`;
    expect(segments(airText(emoji))).toMatchObject({ encoding: "ucs-2", units: 1_593, count: 24 });
  });

  it("cuts a long text into parts of ten segments that Twilio accepts, and never cuts a character (SM7)", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("’", "🙂", "…", "a".repeat(300), "日本 ", "€"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const body = pieces.join("");
        expect(
          parts(body)
            .map((part) => part.text)
            .join(""),
        ).toBe(body);
        for (const part of parts(body)) {
          const sent = airText(part.text);
          expect(sent.length).toBeLessThanOrEqual(MAX_BODY_CHARACTERS);
          expect(segments(sent).count).toBeLessThanOrEqual(10);
          expect(part.text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("never measures less for a longer text, and never less than is sent", () => {
    const unit = fc.constantFrom(
      "a",
      "…",
      "’",
      "€",
      "🙂",
      "日",
      "e\u0301",
      "c\u0327",
      "A\u030a",
      "\u0301",
      "\u1112",
      "\u1161",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (head, tail) => {
        const whole = [...head, ...tail].join("");
        expect(septets(whole)).toBeGreaterThanOrEqual(septets(head.join("")));
        const { encoding, units } = segments(airText(whole));
        expect(septets(whole)).toBeGreaterThanOrEqual(encoding === "gsm-7" ? units : Math.ceil((units * 153) / 67));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("status callback", () => {
  const api_url = "http://127.0.0.1:1";
  it.each([
    [{}, "https://desk.example/channels/sms", "https://desk.example/channels/sms/status"],
    [{ public_url: "https://h.example/t#rc=5" }, "https://desk.example/channels/sms", "https://h.example/t/status"],
    [{ api_url }, "http://127.0.0.1:3000/channels/sms", "http://127.0.0.1:3000/channels/sms/status"],
    [{}, "http://desk.example/channels/sms", undefined],
    [{}, "https://localhost/channels/sms", undefined],
    [{}, "https://192.168.1.7/channels/sms", undefined],
    [{}, "https://my_desk.example/channels/sms", undefined],
    [{}, undefined, undefined],
  ])("with %j at %s: %s", (change, webhookUrl, callback) => {
    expect(callbackUrl(change, webhookUrl)).toBe(callback);
  });
});
