import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { Writable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Exchange } from "../../../channels/twilio/exchange.ts";
import type { SmsBody } from "../../../channels/twilio-sms/encode.ts";
import { twilioSms } from "../../../channels/twilio-sms/index.ts";
import type { Connection } from "../../../src/adapter/adapter.ts";
import type { RawRequest } from "../../../src/adapter/inbound.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import { threadId } from "../../../src/domain/ids.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { flight, leaving } from "../../support/flight.ts";
import {
  type SignedWebhook,
  startTwilioCounterpart,
  type TwilioCounterpart,
} from "../../support/twilio-counterpart.ts";

const OURS = "+15550100";
const CUSTOMER = "+14155550142";
const SECRET = "5ecr3t-auth-token";
const WEBHOOK = "https://desk.example/channels/sms";

let twilio: TwilioCounterpart;
let connection: Connection<SmsBody>;
let logged = "";
const log = createLogger({
  level: "debug",
  stream: new Writable({
    write(line: Buffer, _encoding, written) {
      logged += line.toString();
      written();
    },
  }),
});

const configured = (change: Record<string, string> = {}) => {
  const account = { account_sid: twilio.accountSid, auth_token: SECRET, from: OURS };
  return twilioSms.config.parse({ ...account, api_url: twilio.url, ...change });
};

beforeAll(async () => {
  twilio = await startTwilioCounterpart({ authToken: SECRET, numbers: [OURS], webhookUrl: WEBHOOK });
  connection = await twilioSms.connect(configured(), { log, webhookUrl: WEBHOOK });
});
afterEach(() => twilio.reset());
afterAll(async () => {
  await connection.close();
  await twilio.close();
});

interface Send {
  to?: string;
  text?: string;
  signal?: AbortSignal;
  over?: Connection<SmsBody>;
}

function send({ to = CUSTOMER, text = "Hello", signal = new AbortController().signal, over = connection }: Send = {}) {
  const body = twilioSms.encode({ text }, configured());
  return over.send(threadId(`${OURS}:${to}`), body, { key: "part-1", signal, leaving });
}

async function failureOf(sending: Promise<unknown>): Promise<SendError> {
  const error: unknown = await sending.catch((caught: unknown) => caught);
  if (!(error instanceof SendError)) throw new Error("the send did not fail with a SendError", { cause: error });
  return error;
}

const arrived = ({ url, headers, body }: SignedWebhook): RawRequest => {
  const contentType = headers["content-type"] ?? "";
  return { method: "POST", url, headers, body: Buffer.from(body), contentType, receivedAt: new Date(0) };
};

const basic = (token: string) => `Basic ${Buffer.from(`${twilio.accountSid}:${token}`).toString("base64")}`;

const post = (form: Record<string, string>, token = SECRET) => {
  const authorization = basic(token);
  const path = `/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`;
  return fetch(twilio.url + path, { method: "POST", headers: { authorization }, body: new URLSearchParams(form) });
};

const verdictOn = (webhook: SignedWebhook) =>
  twilioSms.webhook?.verify(arrived(webhook), configured(), new Date(0)) ?? expect.unreachable();

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

describe("sending", () => {
  it("sends a part and returns Twilio's id", async () => {
    const sid = await send({ text: "“Hi” & +1 = 2 🙂\nß" });
    expect(twilio.sent(CUSTOMER)).toEqual([expect.objectContaining({ sid, from: OURS, body: "“Hi” & +1 = 2 🙂\nß" })]);
    expect(twilio.sent()[0]?.form).toEqual({
      To: CUSTOMER,
      From: OURS,
      Body: "“Hi” & +1 = 2 🙂\nß",
      StatusCallback: `${WEBHOOK}/status?key=part-1`,
    });
  });

  it("lets a Messaging Service pick the number", async () => {
    const service = `MG${"0".repeat(32)}`;
    const body = { body: "Hello" };
    await connection.send(threadId(`${service}:${CUSTOMER}`), body, {
      key: "k",
      signal: new AbortController().signal,
      leaving,
    });
    expect(twilio.sent()[0]?.form).toMatchObject({ MessagingServiceSid: service });
    expect(twilio.sent()[0]?.form).not.toHaveProperty("From");
  });

  it.each([
    ["429 with seconds", { status: 429, retryAfter: "7" }, "not-sent", { afterMs: 7_000 }, "20429"],
    ["429 without", { status: 429 }, "not-sent", { afterMs: 5_000 }, "20429"],
    ["an opted-out recipient", { status: 400, code: 21610 }, "not-sent", "never", "21610"],
    ["500", { status: 500 }, "unknown", "never", "http_500"],
    ["a gateway's 502", { status: 502, body: "<html>" }, "unknown", "never", "http_502"],
    ["a proxy's 404", { status: 404, body: "<html>" }, "not-sent", "never", "http_404"],
    ["200 without a message", { status: 200, body: "<html>" }, "unknown", "never", "unreadable"],
    ["201 without an id", { status: 201, body: "{}" }, "unknown", "never", "unreadable"],
  ] as const)("reads %s", async (_name, answer, outcome, retry, code) => {
    twilio.script(CUSTOMER, { kind: "answer", ...answer });
    expect(await failureOf(send())).toMatchObject({ outcome, retry, code });
    expect(twilio.sent()).toEqual([]);
  });

  it.each([
    ["an invalid number", { to: "+0" }, "21211"],
    ["an empty text", { text: "" }, "21602"],
    ["a text beyond 1,600 characters", { text: "a".repeat(1_601) }, "21617"],
  ])("passes on that Twilio refuses %s", async (_name, part, code) => {
    expect(await failureOf(send(part))).toMatchObject({ outcome: "not-sent", retry: "never", code });
  });

  it("does not retry by itself", async () => {
    twilio.script(CUSTOMER, { kind: "answer", status: 429 });
    await failureOf(send());
    expect(twilio.sent()).toEqual([]);
    await send();
    expect(twilio.sent()).toHaveLength(1);
  });

  it("is unknown when the answer is lost, though the message was sent", async () => {
    twilio.script(CUSTOMER, { kind: "answer-lost" });
    expect(await failureOf(send())).toMatchObject({ outcome: "unknown", retry: "never" });
    expect(twilio.sent()).toHaveLength(1);
  });

  it("is unknown when the connection closes after the request was sent", async () => {
    twilio.script(CUSTOMER, { kind: "hang-up" }, { times: 2 });
    expect(await failureOf(send())).toMatchObject({ outcome: "unknown", retry: "never" });
    // Over a new connection and over a reused one.
    const fresh = await twilioSms.connect(configured(), { log });
    expect(await failureOf(send({ over: fresh }))).toMatchObject({ outcome: "unknown", retry: "never" });
    await fresh.close();
    expect(twilio.sent()).toEqual([]);
  });

  it("is not sent when the connection is refused", async () => {
    const closed = await freePort();
    const lonely = await twilioSms.connect(configured({ api_url: `http://127.0.0.1:${closed}` }), { log });
    const failure = await failureOf(send({ over: lonely }));
    expect(failure).toMatchObject({ outcome: "not-sent", retry: { afterMs: 1_000 }, code: "ECONNREFUSED" });
    await lonely.close();
  });

  it("is not sent when the name does not resolve", async () => {
    const nowhere = await twilioSms.connect(configured({ api_url: "http://twilio.invalid" }), { log });
    const failure = await failureOf(send({ over: nowhere }));
    expect(failure).toMatchObject({ outcome: "not-sent", retry: { afterMs: 1_000 } });
    await nowhere.close();
  });

  it("is not sent when TLS fails, because no request is sent before the handshake", async () => {
    const tls = await twilioSms.connect(configured({ api_url: twilio.url.replace("http:", "https:") }), { log });
    expect(await failureOf(send({ over: tls }))).toMatchObject({ outcome: "not-sent" });
    await tls.close();
  });

  it("is not sent when aborted before the request was sent, and unknown when aborted after", async () => {
    expect(await failureOf(send({ signal: AbortSignal.abort() }))).toMatchObject({ outcome: "not-sent" });
    expect(twilio.sent()).toEqual([]);

    twilio.script(CUSTOMER, { kind: "slow", ms: 60_000 });
    const off = new AbortController();
    const sending = failureOf(send({ signal: off.signal }));
    await expect.poll(() => twilio.sent().length).toBe(1);
    off.abort();
    expect(await sending).toMatchObject({ outcome: "unknown", retry: "never", code: "aborted" });
  });

  it("is unknown when no answer comes in time", async () => {
    twilio.script(CUSTOMER, { kind: "slow", ms: 60_000 });
    await using hasty = new Exchange({ timeoutMs: 50 });
    const url = new URL(`${twilio.url}/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`);
    const headers = { authorization: basic(SECRET), "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ To: CUSTOMER, From: OURS, Body: "Hello" }).toString();
    const call = { url, method: "POST", headers, body };
    const failure = await failureOf(hasty.run(call, flight()));
    expect(failure).toMatchObject({ outcome: "unknown", retry: "never", code: "timeout" });
    expect(twilio.sent()).toHaveLength(1);
  });

  it("keeps one slow recipient from delaying another", async () => {
    twilio.script(CUSTOMER, { kind: "slow", ms: 60_000 });
    const off = new AbortController();
    const slow = failureOf(send({ signal: off.signal }));
    await send({ to: "+14155550143" });
    expect(twilio.sent("+14155550143")).toHaveLength(1);
    off.abort();
    await slow;
  });

  it("names the cause when the account is refused, and shows no secret anywhere", async () => {
    const stranger = await twilioSms.connect(configured({ auth_token: "wr0ng-t0ken" }), { log });
    const failure = await failureOf(send({ over: stranger }));
    await stranger.close();
    expect(failure).toMatchObject({ outcome: "not-sent", retry: "never", code: "20003" });
    log.error({ error: failure }, "send failed");
    for (const secret of ["wr0ng-t0ken", SECRET, Buffer.from(SECRET).toString("base64"), "Basic "]) {
      expect(`${failure.stack}${JSON.stringify(failure)}${logged}`).not.toContain(secret);
    }
    expect(logged).not.toContain("Hello");
    expect(logged).not.toContain(CUSTOMER);
    expect(logged).toContain("sms accepted");
  });

  it("leaves no timer after a send, and no connection after close", async () => {
    await using own = await startTwilioCounterpart({ authToken: SECRET });
    const over = await twilioSms.connect(configured({ api_url: own.url }), { log });
    const before = timers();
    for (let n = 0; n < 10; n++) await send({ over });
    // The test runner has timers of its own, so a few prove nothing.
    expect(timers()).toBeLessThan(before + 5);
    expect(await own.connections()).toBe(1);
    await over.close();
    await expect.poll(() => own.connections()).toBe(0);
  });

  it("logs if there is no URL for receipts", async () => {
    const quiet = await twilioSms.connect(configured(), { log });
    await send({ over: quiet });
    await quiet.close();
    expect(twilio.sent()[0]?.form).not.toHaveProperty("StatusCallback");
    expect(logged).toContain("receipts not requested");
  });
});

describe("webhooks of the counterpart", () => {
  it("are signed as Twilio signs them, and parsed", () => {
    const webhook = twilio.textWebhook({ from: CUSTOMER, to: OURS, body: " 2 ", extra: { Fresh: "" } });
    expect(verdictOn(webhook)).toEqual({ ok: true });
    expect(verdictOn({ ...webhook, body: webhook.body.replace("2", "3") })).toMatchObject({ ok: false, status: 403 });
    const message = { kind: "message", text: " 2 ", from: CUSTOMER, thread: `${OURS}:${CUSTOMER}` };
    expect(twilioSms.parse(arrived(webhook), configured())).toMatchObject([message]);
  });

  it("report delivery at the callback that the send named", async () => {
    const sid = await send();
    const webhook = twilio.statusWebhook({ sid, status: "undelivered", errorCode: 30003 });
    expect(webhook.url).toBe(`${WEBHOOK}/status?key=part-1`);
    expect(verdictOn(webhook)).toEqual({ ok: true });
    // Another key would be another part's.
    expect(verdictOn({ ...webhook, url: `${WEBHOOK}/status?key=part-2` })).toMatchObject({ ok: false });
    const receipt = { kind: "receipt", message: sid, key: "part-1", status: "undelivered", code: "30003" };
    expect(twilioSms.parse(arrived(webhook), configured())).toMatchObject([receipt]);
  });
});

describe("the counterpart", () => {
  const valid = { To: CUSTOMER, From: OURS, Body: "Hello" };

  it.each([
    ["no recipient", { From: OURS, Body: "x" }, 21604],
    ["no sender", { To: CUSTOMER, Body: "x" }, 21603],
    ["another account's sender", { ...valid, From: "+15550999" }, 21606],
    ["an unknown service", { To: CUSTOMER, Body: "x", MessagingServiceSid: "MG1" }, 21701],
    ["an unknown parameter", { ...valid, Text: "x" }, 20001],
    ["a callback with an underscore", { ...valid, StatusCallback: "https://my_desk.example/" }, 21609],
    ["ourselves", { ...valid, To: OURS }, 21266],
  ])("refuses %s", async (_name, form, code) => {
    const answer = await post(form);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code }]);
    expect(twilio.sent()).toEqual([]);
  });

  it("refuses a wrong token", async () => {
    expect((await post(valid, "wrong")).status).toBe(401);
  });

  it("keeps the order of each recipient", async () => {
    const others = ["+14155550151", "+14155550152"];
    for (const text of ["1", "2", "3"]) await Promise.all(others.map((to) => send({ to, text })));
    for (const to of others) expect(twilio.sent(to).map((message) => message.body)).toEqual(["1", "2", "3"]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
