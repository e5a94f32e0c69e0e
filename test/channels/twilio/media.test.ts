/** Files of MMS in both directions, and numbers to write to first. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { downloadMedia, redirectTarget } from "../../../channels/twilio/media.ts";
import type { SmsBody } from "../../../channels/twilio-sms/encode.ts";
import { twilioSms } from "../../../channels/twilio-sms/index.ts";
import { type Connection, DownloadError } from "../../../src/adapter/adapter.ts";
import { createServer, type WebServer } from "../../../src/admin/server.ts";
import { filePath } from "../../../src/domain/file-name.ts";
import { threadId } from "../../../src/domain/ids.ts";
import type { StoredFile } from "../../../src/domain/message.ts";
import { FetchError } from "../../../src/lib/fetch.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { serverDeps } from "../../admin/server-deps.ts";
import { startCounterpart } from "../../support/counterpart.ts";
import { leaving } from "../../support/flight.ts";
import { startTwilioCounterpart, type TwilioCounterpart } from "../../support/twilio-counterpart.ts";

const OURS = "+15550100";
const CUSTOMER = "+14155550142";
const SERVICE = `MG${"0".repeat(32)}`;
const MEGABYTE = 1024 * 1024;
const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(500, 7)]);
const log = createLogger({ level: "silent" });

let twilio: TwilioCounterpart;
let connection: Connection<SmsBody>;

const configured = (change: Record<string, unknown> = {}) => {
  const account = { account_sid: `AC${"0".repeat(31)}1`, auth_token: "counterpart-token", from: OURS };
  return twilioSms.config.parse({ ...account, ...change });
};

beforeAll(async () => {
  twilio = await startTwilioCounterpart({ numbers: [OURS] });
  connection = await twilioSms.connect(configured({ api_url: twilio.url }), { log });
});
afterEach(() => {
  twilio.reset();
  twilio.media.requests.length = 0;
});
afterAll(async () => {
  await connection.close();
  await twilio.close();
});

const download = (ref: string, { maxBytes = MEGABYTE, signal = AbortSignal.timeout(5_000) } = {}) =>
  connection.download?.(ref, { maxBytes, signal }) ?? expect.unreachable();

const failureOf = (fetching: Promise<unknown>) =>
  fetching.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

const kept = (name: string, mediaType: string, bytes: number): StoredFile => ({
  id: 1,
  name,
  mediaType,
  bytes,
  token: "A".repeat(22),
});

const reach = (to: string, change: Record<string, unknown> = {}) =>
  twilioSms.resolveRecipient?.(to, configured(change)) ?? null;

describe("an inbound file", () => {
  it("is fetched with the account's credentials, which go to the API only", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png; x=1", name: "IMG_7.png" });
    const file = await download(ref);
    expect(file).toEqual({ bytes: PNG, mediaType: "image/png", name: "IMG_7.png" });
    expect(twilio.media.requests).toEqual(["GET api +auth", "GET store"]);
  });

  it("may have the allowed size, and not a byte more", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png" });
    expect((await download(ref, { maxBytes: PNG.length })).bytes).toHaveLength(PNG.length);
    const error = await failureOf(download(ref, { maxBytes: PNG.length - 1 }));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ message: "it is larger than 1 MB" });
  });

  it.each([
    ["that was deleted", (url: string) => url.replace(/ME\w+$/, `ME${"f".repeat(32)}`), "Twilio no longer has it"],
    ["with another address", () => "https://evil.example/Media/ME1", "its address is not Twilio's"],
    [
      "of a host that only looks like Twilio's",
      () => "https://api.twilio.com.evil.example/x",
      "its address is not Twilio's",
    ],
    ["without TLS", () => "http://api.twilio.com/2010-04-01/x", "its address is not Twilio's"],
    ["on a private network", () => "http://127.0.0.1:6379/", "its address is not Twilio's"],
    ["without an address", () => "ME123", "its address is not Twilio's"],
  ])("fails for good: one %s", async (_which, changed, message) => {
    const ref = changed(twilio.media.host({ bytes: PNG, type: "image/png" }));
    const error = await failureOf(download(ref));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ message });
  });

  it("fails with a wrong token, and the reason says so without the token", async () => {
    const stranger = await twilioSms.connect(configured({ api_url: twilio.url, auth_token: "wr0ng" }), { log });
    const ref = twilio.media.host({ bytes: PNG, type: "image/png" });
    const error = await failureOf(
      stranger.download?.(ref, { maxBytes: 1, signal: AbortSignal.timeout(5_000) }) ?? expect.unreachable(),
    );
    await stranger.close();
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ message: "Twilio refuses the account; check auth_token" });
    expect(twilio.media.requests).toEqual(["GET api +auth"]);
  });

  it("is never fetched from a private network, for any redirect", async () => {
    await using inside = await startCounterpart();
    inside.answer({ status: 200, body: "secret" });
    for (const to of [
      inside.url,
      "http://169.254.169.254/latest/meta-data",
      "https://evil.example/x",
      "file:///etc/passwd",
      "https://[x",
    ]) {
      const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "redirect", to } });
      const error = await failureOf(download(ref));
      expect(error, to).toBeInstanceOf(DownloadError);
      expect(error).toMatchObject({ message: "Twilio redirected to a host that is not its own" });
    }
    expect(inside.requests).toBe(0);
  });

  it("fails if redirects form a loop", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "loop" } });
    expect(await failureOf(download(ref))).toMatchObject({ message: "Twilio redirects too often" });
    expect(twilio.media.requests).toEqual(["GET api +auth", "GET store", "GET store", "GET store"]);
  });

  it.each([429, 500, 503])("may be tried again: the store answers %i", async (status) => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "status", status, times: 1 } });
    const error = await failureOf(download(ref));
    expect(error).not.toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ message: `Twilio answered ${status}` });
    expect((await download(ref)).bytes).toEqual(PNG);
  });

  it.each([403, 404, 415])("fails for good: the store answers %i", async (status) => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "status", status, times: 1 } });
    const error = await failureOf(download(ref));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).not.toMatchObject({ message: expect.stringContaining("auth_token") });
  });

  it("that is too slow times out, and may be tried again", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "drip" } });
    const credentials = { accountSid: twilio.accountSid, authToken: twilio.authToken, apiUrl: twilio.url };
    const limits = { maxBytes: MEGABYTE, signal: new AbortController().signal, timeoutMs: 150 };
    const error = await failureOf(downloadMedia(ref, credentials, limits));
    expect(error).toBeInstanceOf(FetchError);
    expect(error).toMatchObject({ fault: "timeout" });
  });

  it("can be aborted", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "drip" } });
    const off = new AbortController();
    const fetching = failureOf(download(ref, { signal: off.signal }));
    await expect.poll(() => twilio.media.requests).toContain("GET store");
    off.abort();
    expect(await fetching).toMatchObject({ fault: "aborted" });
  });
});

describe("a redirect may lead to", () => {
  const API = new URL("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1");

  it.each([
    ["https://mms.twiliocdn.com/AC1/x?Expires=1&Signature=s"],
    ["https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x"],
    ["https://media.twiliocdn.com/x"],
  ])("%s", (location) => {
    expect(redirectTarget(API, location, undefined).href).toBe(location);
  });

  it.each([
    ["http://mms.twiliocdn.com/x"],
    ["https://mms.twiliocdn.com:8443/x"],
    ["https://twiliocdn.com.evil.example/x"],
    ["https://eviltwiliocdn.com/x"],
    ["https://127.0.0.1/x"],
    ["http://127.0.0.1:5001/x"],
    [undefined],
  ])("not %s", (location) => {
    expect(() => redirectTarget(API, location, "http://127.0.0.1:5000")).toThrow(DownloadError);
  });
});

describe("an outbound file", () => {
  let server: WebServer;
  let content: Uint8Array = PNG;
  let file = kept("Plan März.png", "image/png", PNG.length);

  beforeAll(async () => {
    server = createServer(serverDeps({ files: async (token) => (token === file.token ? { file, content } : null) }));
    await server.listen(0);
  });
  afterAll(() => server.close());

  async function send(url: string) {
    const body = twilioSms.encode({ text: file.name, file: { ...file, url } }, configured());
    const sid = await connection.send(threadId(`${OURS}:${CUSTOMER}`), body, {
      key: "k",
      signal: new AbortController().signal,
      leaving,
    });
    await expect.poll(() => twilio.sent()[0]?.media.length, { timeout: 10_000 }).toBe(1);
    return { sid, message: twilio.sent()[0] ?? expect.unreachable() };
  }

  it("is fetched by Twilio from our own address, complete and with its true type", async () => {
    const { sid, message } = await send(server.url + filePath(file));
    expect(message).toMatchObject({ sid, body: "", to: CUSTOMER, from: OURS });
    expect(message.form).not.toHaveProperty("Body");
    const [fetched] = message.media;
    expect(fetched).toMatchObject({ type: "image/png", errorCode: null });
    expect(Buffer.from(fetched?.bytes ?? []).equals(PNG)).toBe(true);
    expect(fetched?.disposition).toContain("filename*=UTF-8''Plan%20M%C3%A4rz.png");
  });

  it.each<[string, StoredFile, Uint8Array, number]>([
    [
      "of more than 5 MB",
      kept("a.png", "image/png", 5 * MEGABYTE + 1),
      Buffer.concat([PNG, Buffer.alloc(5 * MEGABYTE + 1 - PNG.length)]),
      11751,
    ],
    ["of a type that phones don't support", kept("a.zip", "application/zip", 4), Buffer.from("PK\x05\x06"), 12300],
    ["with a wrong type", kept("a.png", "image/png", 4), Buffer.from("text"), 12300],
  ])("fails later, %s", async (_which, other, bytes, errorCode) => {
    [file, content] = [other, bytes];
    expect((await send(server.url + filePath(file))).message.media[0]?.errorCode).toBe(errorCode);
  });

  it("fails later if our address does not answer Twilio", async () => {
    const { message } = await send(`${server.url}/files/${"B".repeat(22)}/x.png`);
    expect(message.media[0]?.errorCode).toBe(11200);
  });

  it("is refused at once if its address is invalid", async () => {
    const sending = connection.send(
      threadId(`${OURS}:${CUSTOMER}`),
      { mediaUrl: "desk.example/x" },
      { key: "k", signal: new AbortController().signal, leaving },
    );
    expect(await failureOf(sending)).toMatchObject({ outcome: "not-sent", retry: "never", code: "21620" });
  });

  it("is not encoded without an address", () => {
    const part = { text: "a.png", file: { ...kept("a.png", "image/png", 1), url: null } };
    expect(() => twilioSms.encode(part, configured())).toThrow("set PUBLIC_URL");
  });
});

describe("files are sent as MMS or links", () => {
  const asMms = { support: "native", maxBytes: 5 * MEGABYTE, byUrl: true };
  const asLink = { support: "fallback", maxBytes: 0 };

  it.each([
    ["an American number", {}, asMms],
    ["a British number", { from: "+447700900123" }, asLink],
    ["a service, whose numbers are unknown", { from: undefined, messaging_service_sid: SERVICE }, asLink],
    ["a service with media: true", { from: undefined, messaging_service_sid: SERVICE, media: true }, asMms],
    ["an American number with media: false", { media: false }, asLink],
  ])("%s", (_who, change, expected) => {
    expect(twilioSms.capabilities(configured(change)).attachments).toEqual(expected);
  });

  it("media must be true or false", () => {
    expect(() => configured({ media: "yes" })).toThrow(/true \(files are sent as MMS\) or false/);
  });
});

describe("a number to write to first", () => {
  it.each([
    ["+14155550142", CUSTOMER],
    ["+1 (415) 555-0142", CUSTOMER],
    [" +1.415.555.0142 ", CUSTOMER],
    ["+1\u00a0415\u2011555\u20130142", CUSTOMER],
    ["\u202a+1 415 555 0142\u202c", CUSTOMER],
    ["＋１ 415 555 0142", CUSTOMER],
    ["+44 (0)20 7946 0018", "+442079460018"],
    ["+49 30/123 456", "+4930123456"],
  ])("%j", (to, customer) => {
    expect(reach(to)).toEqual({ thread: `${OURS}:${customer}`, address: customer });
  });

  it.each([
    "",
    "415 555 0142",
    "+",
    "+0 415",
    "+1 415 CALL NOW",
    "+1415555014212345",
    "dana@example.com",
    "+1:2",
    OURS,
  ])("not %j", (to) => {
    expect(reach(to)).toBeNull();
  });

  it("gets messages from the service if configured, and its answer has the same thread", () => {
    const config = configured({ from: undefined, messaging_service_sid: SERVICE });
    const reached = twilioSms.resolveRecipient?.("+1 415 555 0142", config);
    expect(reached?.thread).toBe(`${SERVICE}:${CUSTOMER}`);
    const webhook = twilio.textWebhook({ from: CUSTOMER, to: OURS, body: "Hi", url: "https://x.example/" });
    const raw = {
      body: Buffer.from(webhook.body),
      contentType: "application/x-www-form-urlencoded",
      receivedAt: new Date(0),
    };
    expect(twilioSms.parse(raw, config)).toMatchObject([{ thread: reached?.thread, from: reached?.address }]);
  });
});
