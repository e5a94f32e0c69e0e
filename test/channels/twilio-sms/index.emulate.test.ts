/** The adapter against a third-party emulation of Twilio (npm `emulate`), with its own API and signatures. */

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer as bufferOf } from "node:stream/consumers";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { twilioSms } from "../../../channels/twilio-sms/index.ts";
import type { RawRequest } from "../../../src/adapter/inbound.ts";
import { threadId } from "../../../src/domain/ids.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { leaving } from "../../support/flight.ts";

const OURS = "+15551234567";
const CUSTOMER = "+14155550142";
const ACCOUNT = "AC00000000000000000000000000000000";
const TOKEN = "twilio_test_auth_token";

const log = createLogger({ level: "silent" });
const arrived: RawRequest[] = [];
const desk = createServer((request, response) => {
  void keep(request).finally(() => response.end("<Response/>"));
});
let twilio: Emulator;
let webhookUrl: string;

const configured = (change: Record<string, string> = {}) => {
  const account = { account_sid: ACCOUNT, auth_token: TOKEN, from: OURS };
  return twilioSms.config.parse({ ...account, api_url: twilio.url, ...change });
};

beforeAll(async () => {
  await new Promise<void>((listening) => desk.listen(0, "127.0.0.1", listening));
  webhookUrl = `http://127.0.0.1:${(desk.address() as AddressInfo).port}/channels/sms`;
  const seed = { twilio: { phone_numbers: [{ phone_number: OURS, sms_url: webhookUrl, sms_method: "POST" }] } };
  twilio = await createEmulator({ service: "twilio", port: await freePort(), seed });
});
afterAll(async () => {
  await twilio.close();
  desk.closeAllConnections();
  desk.close();
});

async function keep(request: IncomingMessage): Promise<void> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const url = `http://${headers["host"]}${request.url}`;
  const contentType = headers["content-type"] ?? "";
  const body = await bufferOf(request);
  arrived.push({ method: "POST", url, headers, body, contentType, receivedAt: new Date() });
}

async function simulate(what: string, fields: Record<string, string>): Promise<RawRequest> {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`;
  const body = new URLSearchParams(fields);
  const answer = await fetch(`${twilio.url}/_twilio/simulate/${what}`, {
    method: "POST",
    headers: { authorization },
    body,
  });
  expect(answer.ok).toBe(true);
  return arrived.at(-1) ?? expect.unreachable();
}

const verdictOn = (request: RawRequest) => twilioSms.webhook?.verify(request, configured(), new Date());

it("accepts its signed texts", async () => {
  const request = await simulate("inbound-message", { From: CUSTOMER, To: OURS, Body: " 2 & “más” 🙂" });
  expect(verdictOn(request)).toEqual({ ok: true });
  const message = { kind: "message", thread: `${OURS}:${CUSTOMER}`, text: " 2 & “más” 🙂" };
  expect(twilioSms.parse(request, configured())).toMatchObject([message]);
});

it("sends through it, and accepts its receipts", async () => {
  const connection = await twilioSms.connect(configured(), { log, webhookUrl });
  const { signal } = new AbortController();
  const sid = await connection.send(threadId(`${OURS}:${CUSTOMER}`), { body: "Hello" }, { key: "k", signal, leaving });
  await connection.close();
  const request = await simulate("message-status", { MessageSid: sid, Status: "delivered" });
  expect(request.url).toBe(`${webhookUrl}/status?key=k`);
  expect(verdictOn(request)).toEqual({ ok: true });
  expect(twilioSms.parse(request, configured())).toMatchObject([
    { kind: "receipt", message: sid, status: "delivered" },
  ]);
});

it("sends a file through it, as a message with one medium and no text", async () => {
  const connection = await twilioSms.connect(configured(), { log });
  const { signal } = new AbortController();
  const body = { mediaUrl: "https://desk.example/files/AAAAAAAAAAAAAAAAAAAAAA/Plan%20M%C3%A4rz.png" };
  const sid = await connection.send(threadId(`${OURS}:${CUSTOMER}`), body, { key: "k", signal, leaving });
  await connection.close();
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`;
  const message = `${twilio.url}/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid}.json`;
  const kept: unknown = await (await fetch(message, { headers: { authorization } })).json();
  expect(kept).toMatchObject({ body: null, num_media: "1" });
});

it.each([
  ["a number that is not ours", {}, `+15550009999:${CUSTOMER}`, "21606"],
  ["a wrong token", { auth_token: "wrong" }, `${OURS}:${CUSTOMER}`, "20003"],
])("understands its refusal of %s", async (_name, change, thread, code) => {
  const connection = await twilioSms.connect(configured(change), { log });
  const { signal } = new AbortController();
  const sending = connection.send(threadId(thread), { body: "Hello" }, { key: "k", signal, leaving });
  await expect(sending).rejects.toMatchObject({ outcome: "not-sent", retry: "never", code });
  await connection.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
