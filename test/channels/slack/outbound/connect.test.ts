import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { slackConfig } from "../../../../channels/slack/config.ts";
import { threadOf, userAddress } from "../../../../channels/slack/ids.ts";
import type { SlackBody } from "../../../../channels/slack/outbound/body.ts";
import { connect } from "../../../../channels/slack/outbound/connect.ts";
import { encode } from "../../../../channels/slack/outbound/encode.ts";
import { isSlackHost } from "../../../../channels/slack/outbound/hosts.ts";
import { createPacer } from "../../../../channels/slack/outbound/pace.ts";
import { type Connection, DownloadError } from "../../../../src/adapter/adapter.ts";
import type { FittedPart } from "../../../../src/adapter/part.ts";
import { SendError } from "../../../../src/adapter/send-error.ts";
import { type RemoteId, remoteId, type ThreadId } from "../../../../src/domain/ids.ts";
import type { StoredFile } from "../../../../src/domain/message.ts";
import { createLogger } from "../../../../src/lib/logger.ts";
import { flight, lapsedFlight, leaving } from "../../../support/flight.ts";
import { type SlackCounterpart, type SlackOptions, startSlack } from "../../../support/slack/counterpart.ts";
import { liveParts } from "../../../support/slack/live.ts";

const MAX_BYTES = 1_000_000;
const CALM = () => AbortSignal.timeout(60_000);

let slack: SlackCounterpart;
let connection: Connection<SlackBody>;
let dana: string;
let channel: string;
let thread: ThreadId;
let rootTs: string;
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

const configured = (change: Record<string, unknown> = {}) =>
  slackConfig.parse({
    bot_token: slack.botToken,
    signing_secret: slack.signingSecret,
    api_url: slack.apiUrl,
    ...change,
  });

async function start(o: SlackOptions = {}): Promise<void> {
  slack = await startSlack(o);
  dana = slack.addUser({ name: "Dana" }).id;
  channel = slack.addChannel({ name: "help", members: [dana] }).id;
  rootTs = (await slack.post(dana, channel, "My parcel is late")).ts;
  thread = threadOf(channel, rootTs);
  connection = await connect(configured(), { log });
}

beforeEach(() => start());
afterEach(async () => {
  await connection.close();
  await slack[Symbol.asyncDispose]();
});

const send = (part: FittedPart | string, { at = thread, key = "key-1", signal = CALM() } = {}) =>
  connection.send(at, encode(typeof part === "string" ? { text: part } : part), { key, signal, leaving });

async function failureOf(work: Promise<unknown> | undefined): Promise<SendError> {
  const error: unknown = await work?.catch((caught: unknown) => caught);
  if (!(error instanceof SendError)) throw new Error("it did not fail with a SendError", { cause: error });
  return error;
}

const ours = () => slack.messages(channel).filter(({ user }) => user === slack.botUserId);
const calls = (method: string) => slack.calls.filter((call) => call.method === method);
/** Returns the arguments of the first call. */
const sentTo = (method: string): Record<string, unknown> => calls(method)[0]?.arguments ?? {};
const fetchFile = (id: string, maxBytes = MAX_BYTES) => connection.download?.(id, { maxBytes, signal: CALM() });
async function downloadError(id: string, maxBytes?: number): Promise<string> {
  const error: unknown = await fetchFile(id, maxBytes)?.catch((caught: unknown) => caught);
  return error instanceof DownloadError ? error.message : expect.unreachable();
}
const edit = (id: RemoteId, changed: SlackBody) => connection.edit?.(thread, id, changed, flight());
const body = (text: string): SlackBody => encode({ text });

/** A clock that the test moves. */
function standing() {
  let now = 0;
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  return { slept, pacer: createPacer({ now: () => now, sleep }), pass: (ms: number) => void (now += ms) };
}
const reconcile = (key: string, since = new Date(Date.now() - 5_000), at = thread) =>
  connection.reconcile?.(at, key, { agoMs: Date.now() - since.getTime(), signal: CALM() });

describe("sending", () => {
  it("posts into the thread, without links or mentions, and returns Slack's id", async () => {
    const id = await send("Hi @here <!channel> https://acme.example");
    const [message] = ours();
    expect(id).toBe(`${channel}:${message?.ts}`);
    expect(message).toMatchObject({ thread_ts: rootTs, text: "Hi @here &lt;!channel&gt; https://acme.example" });
    const sent = sentTo("chat.postMessage");
    // The SDK sends forms, in which "false" is false.
    expect([sent["parse"], String(sent["unfurl_links"]), String(sent["unfurl_media"])]).toEqual([
      "none",
      "false",
      "false",
    ]);
    expect(sent).toMatchObject({ metadata: { event_type: "frontdesk_part", event_payload: { key: "key-1" } } });
    expect(sent).not.toHaveProperty("link_names");
    expect(liveParts(sent)).toEqual([]);
    expect(slack.violations).toEqual([]);
  });

  it("posts at the top level of a rolling direct message", async () => {
    const dm = slack.dm(dana);
    const id = await send("Hello", { at: threadOf(dm, null) });
    const [message] = slack.messages(dm);
    expect(message).not.toHaveProperty("thread_ts");
    expect(id).toBe(`${dm}:${message?.ts}`);
  });

  it.each([
    ["ratelimited", { retryAfterS: 7 }, "not-sent", { afterMs: 7_000 }, "ratelimited"],
    ["429 without a wait", { status: 429 }, "not-sent", { afterMs: 30_000 }, "ratelimited"],
    ["a limit of the channel", { error: "rate_limited" }, "not-sent", { afterMs: 5_000 }, "rate_limited"],
    ["internal_error", { error: "internal_error" }, "unknown", "never", "internal_error"],
    ["fatal_error", { error: "fatal_error" }, "unknown", "never", "fatal_error"],
    ["503", { status: 503 }, "unknown", "never", "http_503"],
    ["a proxy's 403", { status: 403 }, "not-sent", "never", "http_403"],
    ["200 with a page", { status: 200 }, "unknown", "never", "unreadable"],
    ["a wrong token", { error: "invalid_auth" }, "not-sent", { afterMs: 60_000 }, "invalid_auth"],
    ["no messages tab", { error: "messages_tab_disabled" }, "not-sent", { afterMs: 60_000 }, "messages_tab_disabled"],
    ["a missing channel", { error: "channel_not_found" }, "not-sent", { afterMs: 5_000 }, "channel_not_found"],
    ["an archived channel", { error: "is_archived" }, "not-sent", "never", "is_archived"],
    ["an unknown code", { error: "moon_phase" }, "not-sent", { afterMs: 60_000 }, "moon_phase"],
  ] as const)("reads %s", async (_, fault, outcome, retry, code) => {
    slack.fault("chat.postMessage", fault);
    expect(await failureOf(send("Hello"))).toMatchObject({ outcome, retry, code });
    expect(ours()).toEqual([]);
    expect(calls("chat.postMessage")).toHaveLength(1);
  });

  it("names the missing scope, and the fix", async () => {
    slack.setScopes(["channels:read", "channels:history"]);
    const failure = await failureOf(send("Hello"));
    expect(failure).toMatchObject({ outcome: "not-sent", retry: { afterMs: 60_000 }, code: "missing_scope" });
    expect(failure.message).toContain("chat:write");
    expect(failure.message).toContain("has: channels:read,channels:history");
    expect(failure.message).toContain("install it again");
  });

  it("names a revoked token", async () => {
    slack.revoke(true);
    const failure = await failureOf(send("Hello"));
    expect(failure).toMatchObject({ retry: { afterMs: 60_000 }, code: "token_revoked" });
    expect(failure.message).toContain("bot_token");
  });

  it("is not sent if the connection is refused or the name does not resolve", async () => {
    slack.down(true);
    expect(await failureOf(send("Hello"))).toMatchObject({ outcome: "not-sent", retry: { afterMs: 1_000 } });
    const nowhere = await connect(configured({ api_url: "http://slack.invalid" }), { log });
    const options = { key: "k", signal: CALM(), leaving };
    expect(await failureOf(nowhere.send(thread, encode({ text: "x" }), options))).toMatchObject({
      outcome: "not-sent",
    });
  });

  it("is not sent if aborted before the request, and unknown after; other calls are not affected", async () => {
    expect(await failureOf(send("Hello", { signal: AbortSignal.abort() }))).toMatchObject({ outcome: "not-sent" });
    expect(slack.calls).toEqual([]);
    const id = await send("Before");
    slack.fault("chat.postMessage", { delayMs: 30_000 });
    const off = new AbortController();
    const slow = failureOf(send("Slow", { signal: off.signal }));
    await edit(id, body("After"));
    off.abort();
    expect(await slow).toMatchObject({ outcome: "unknown", retry: "never", code: "aborted" });
    expect(ours().at(-1)?.text).toBe("After");
  });

  it("sends plain text if the blocks are refused, and logs the reason without the text", async () => {
    const complaint = '[ERROR] must be shorter: "secret words" [json-pointer:/blocks/0/text]';
    slack.fault("chat.postMessage", {
      error: "invalid_blocks",
      more: { response_metadata: { messages: [complaint] } },
    });
    await send({ text: "secret words", options: [{ n: 1, id: "a", label: "Yes", aliases: [] }], promptId: "p" });
    const [message] = ours();
    expect(message).toMatchObject({ text: "secret words\n\n1) Yes", metadata: { event_payload: { key: "key-1" } } });
    expect(message).not.toHaveProperty("blocks");
    expect(logged).toContain("json-pointer:/blocks/0/text");
    expect(logged).not.toContain("secret words");
  });

  it("degrades once only", async () => {
    slack.fault("chat.postMessage", { error: "invalid_blocks", times: 2 });
    expect(await failureOf(send("Hello"))).toMatchObject({
      outcome: "not-sent",
      retry: "never",
      code: "invalid_blocks",
    });
    expect(calls("chat.postMessage")).toHaveLength(2);
  });

  it("has no secret and no message text in its errors and logs", async () => {
    slack.fault("chat.postMessage", { drop: "before" });
    const failure = await failureOf(send("secret words"));
    log.error({ error: failure }, "send failed");
    for (const secret of [slack.botToken, "secret words"]) {
      expect(`${failure.stack}${JSON.stringify(failure)}${logged}`).not.toContain(secret);
    }
  });
});

describe("a lost answer", () => {
  // SL9
  it("is found by its key: the message is there once", async () => {
    for (let n = 0; n < 12; n++) await slack.post(dana, channel, `more ${n}`, { thread: rootTs });
    slack.fault("chat.postMessage", { drop: "after" });
    const since = new Date();
    expect(await failureOf(send("Hello", { key: "key-9" }))).toMatchObject({ outcome: "unknown" });
    expect(await reconcile("key-9", since)).toBe(`${channel}:${ours().at(-1)?.ts}`);
    expect(ours()).toHaveLength(1);
    expect(calls("conversations.replies").length).toBeGreaterThan(1);
    expect(slack.violations).toEqual([]);
  });

  it("is not-sent if the socket closed before the post, which can then be sent", async () => {
    slack.fault("chat.postMessage", { drop: "before" });
    const since = new Date();
    expect(await failureOf(send("Hello", { key: "key-9" }))).toMatchObject({ outcome: "unknown" });
    expect(await reconcile("key-9", since)).toBe("not-sent");
    await send("Hello", { key: "key-9" });
    expect(ours()).toHaveLength(1);
  });

  it("waits for a post that is still on its way", async () => {
    const since = new Date();
    const found = reconcile("late", since);
    await expect.poll(() => calls("conversations.replies").length).toBe(1);
    await send("Hello", { key: "late" });
    expect(await found).toBe(`${channel}:${ours().at(-1)?.ts}`);
  });

  // E6
  it("is found by Slack's clock, whatever ours says", async () => {
    const id = await send("Hello", { key: "key-9" });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    try {
      expect(await connection.reconcile?.(thread, "key-9", { agoMs: 5_000, signal: CALM() })).toBe(id);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is found in a rolling direct message, too", async () => {
    const at = threadOf(slack.dm(dana), null);
    const id = await send("Hello", { at, key: "key-9" });
    expect(await reconcile("key-9", new Date(Date.now() - 5_000), at)).toBe(id);
    expect(await reconcile("key-8", new Date(Date.now() - 5_000), at)).toBe("not-sent");
  });

  it("is unknown if the listing is incomplete, for any reason", async () => {
    for (let n = 0; n < 6; n++) await slack.post(dana, channel, `more ${n}`, { thread: rootTs });
    for (const fault of [{ error: "internal_error" }, { drop: "before" }, { retryAfterS: 1 }] as const) {
      slack.fault("conversations.replies", fault);
      expect(await reconcile("key-9")).toBe("unknown");
    }
    expect(await reconcile("key-9", new Date(), threadOf("C0", "1.000000"))).toBe("unknown");
  });
});

describe("edits and hints", () => {
  it("replace a prompt by its answer, without its buttons, any number of times", async () => {
    const id = await send({ text: "Right?", options: [{ n: 1, id: "a", label: "Yes", aliases: [] }], promptId: "p" });
    for (let n = 0; n < 2; n++) await edit(id, body("Right?\n\n→ Yes"));
    const [message] = ours();
    expect(message).toMatchObject({ text: "Right?\n\n→ Yes", blocks: [{ type: "section" }] });
    const sent = sentTo("chat.update");
    expect(sent).toMatchObject({ parse: "none" });
    expect(liveParts(sent)).toEqual([]);
    expect(slack.violations).toEqual([]);
  });

  // SL10
  it("keep an update's text within 4,000 characters, while its blocks have all of it", async () => {
    const id = await send("Short");
    await edit(id, encode({ text: "A & B. ".repeat(1_500), markdown: true }));
    const sent = sentTo("chat.update");
    const { text = "", blocks } = sent as { text?: string; blocks: { text: string }[] };
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(text.length).toBeGreaterThan(3_900);
    expect(blocks[0]?.text.length).toBeGreaterThan(10_000);
    expect(slack.violations).toEqual([]);
  });

  it("follow a channel that got a new id", async () => {
    const id = await send("Before");
    const moved = await slack.moveChannel(channel);
    await connection.edit?.(threadOf(moved, rootTs), id, body("After"), flight());
    expect(slack.messages(moved).at(-1)?.text).toBe("After");
  });

  it.each(["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch"])(
    "fail for good at %s",
    async (error) => {
      const id = await send("Hello");
      slack.fault("chat.update", { error });
      expect(await failureOf(edit(id, body("Hi")))).toMatchObject({ outcome: "not-sent", retry: "never", code: error });
    },
  );

  it("can't change a file", async () => {
    expect(await failureOf(edit(remoteId("F1"), body("Hi")))).toMatchObject({ retry: "never" });
  });

  it("show a hint to one person in the thread", async () => {
    await connection.hint?.(thread, userAddress(dana), { text: "Only <you> @here", ...flight() });
    expect(slack.ephemerals(dana)).toMatchObject([{ channel, thread_ts: rootTs, text: "Only &lt;you&gt; @here" }]);
    expect(liveParts(sentTo("chat.postEphemeral"))).toEqual([]);
    expect(slack.violations).toEqual([]);
    const gone = connection.hint?.(thread, userAddress("U0"), { text: "x", ...flight() });
    expect(await failureOf(gone)).toMatchObject({ retry: "never", code: "user_not_in_channel" });
  });
});

// E1
describe("a claim that lapses", () => {
  const lapsed = { outcome: "not-sent", retry: { afterMs: 0 }, code: "lapsed" };

  it("lets no change and no hint leave", async () => {
    const id = await send("Before");
    expect(await failureOf(connection.edit?.(thread, id, body("After"), lapsedFlight()))).toMatchObject(lapsed);
    const hint = connection.hint?.(thread, userAddress(dana), { text: "x", ...lapsedFlight() });
    expect(await failureOf(hint)).toMatchObject(lapsed);
    expect(slack.calls.map(({ method }) => method)).toEqual(["chat.postMessage"]);
  });

  it("is asked about once connected, so that a process that stood still while connecting sends nothing", async () => {
    const asked: string[] = [];
    const options = { key: "k", signal: CALM(), leaving: () => void asked.push("part") };
    slack.down(true);
    const nowhere = await connect(configured(), { log });
    await failureOf(nowhere.send(thread, encode({ text: "x" }), options));
    expect(asked).toEqual([]);
    slack.down(false);
    await nowhere.send(thread, encode({ text: "x" }), options);
    expect(asked).toEqual(["part"]);
  });
});

describe("pacing", () => {
  it("keeps Slack's limit, in order, without delaying other channels", async () => {
    await slack[Symbol.asyncDispose]();
    await start({ paced: true });
    const texts = ["1", "2", "3", "4", "5"];
    const other = threadOf(slack.dm(dana), null);
    await Promise.all([
      ...texts.map((text, n) => send(text, { key: `k${n}` })),
      send("other", { at: other, key: "o" }),
    ]);
    expect(ours().map(({ text }) => text)).toEqual(texts);
    expect(calls("chat.postMessage").filter(({ answer }) => !(answer as { ok?: boolean } | null)?.ok)).toEqual([]);
    const order = calls("chat.postMessage").map(({ arguments: { text } }) => text);
    expect(order.indexOf("other")).toBeLessThan(order.indexOf("4"));
  });

  it("delays all senders of a channel as long as Slack asked one to wait", async () => {
    slack.fault("chat.postMessage", { retryAfterS: 1 });
    await failureOf(send("one"));
    const before = performance.now();
    await send("two");
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  it("lets a burst through, then one a second, and refills the burst with time", async () => {
    const { slept, pacer, pass } = standing();
    for (let n = 0; n < 6; n++) await pacer.turn("C1", CALM());
    expect(slept).toEqual([1_100, 2_200, 3_300]);
    pass(4_900);
    for (let n = 0; n < 2; n++) await pacer.turn("C1", CALM());
    expect(slept.slice(3)).toEqual([600]);
    await pacer.turn("C2", CALM());
    expect(slept).toHaveLength(4);
  });

  it("refuses a post that would wait too long, and keeps no place for it", async () => {
    const { slept, pacer, pass } = standing();
    for (let n = 0; n < 21; n++) await pacer.turn("C1", CALM());
    expect(slept.at(-1)).toBe(19_800);
    for (let n = 0; n < 3; n++) {
      expect(await failureOf(pacer.turn("C1", CALM()))).toMatchObject({
        outcome: "not-sent",
        retry: { afterMs: 20_900 },
      });
    }
    pass(1_100);
    await pacer.turn("C1", CALM());
    expect(slept.at(-1)).toBe(19_800);
  });

  it("is not sent if aborted while it waits", async () => {
    const pacer = createPacer();
    pacer.hold("C1", 10_000);
    const off = new AbortController();
    const waiting = failureOf(pacer.turn("C1", off.signal));
    off.abort();
    expect(await waiting).toMatchObject({ outcome: "not-sent", retry: { afterMs: 0 } });
  });
});

describe("uploads", () => {
  const bytes = new Uint8Array(Buffer.from("%PDF-1.7 hello"));
  const file: StoredFile = {
    id: 1,
    name: "Rechnung März.pdf",
    mediaType: "application/pdf",
    bytes: bytes.length,
    token: "t",
  };
  const share = (key = "file-1", content = async () => bytes) =>
    connection.send(thread, encode({ text: file.name, file: { ...file, url: null } }), {
      key,
      ...flight(),
      content,
    });

  // E1: the last request, which shows the file, may not leave.
  it("are not shared if the claim lapses while the bytes are uploaded", async () => {
    const asked: string[] = [];
    const leaving = (request = "part") => {
      asked.push(request);
      if (request === "part") lapsedFlight().leaving();
    };
    const sharing = connection.send(thread, encode({ text: file.name, file: { ...file, url: null } }), {
      ...flight(),
      key: "file-1",
      leaving,
      content: async () => bytes,
    });
    expect(await failureOf(sharing)).toMatchObject({ outcome: "not-sent", code: "lapsed" });
    expect(asked).toEqual(["preparation", "preparation", "part"]);
    expect(ours()).toEqual([]);
  });

  it("are shared in the thread", async () => {
    const id = await share();
    await slack.settled();
    const [message] = ours();
    expect(message).toMatchObject({ thread_ts: rootTs, files: [{ id, name: file.name, size: bytes.length }] });
    const got = await connection.download?.(id, { maxBytes: MAX_BYTES, signal: CALM() });
    expect(Buffer.from(got?.bytes ?? []).toString()).toBe("%PDF-1.7 hello");
    expect(slack.violations).toEqual([]);
  });

  it.each([
    ["files.getUploadURLExternal", { drop: "after" }],
    ["files.getUploadURLExternal", { error: "internal_error" }],
    ["files.upload", { drop: "before" }],
    ["files.upload", { drop: "after" }],
    ["files.upload", { status: 500 }],
    ["files.completeUploadExternal", { retryAfterS: 3 }],
  ] as const)("are certainly not sent if %s gives %j, and can be sent again", async (method, fault) => {
    slack.fault(method, fault);
    expect(await failureOf(share())).toMatchObject({ outcome: "not-sent", retry: { afterMs: expect.any(Number) } });
    await slack.settled();
    expect(ours()).toEqual([]);
  });

  it("name the missing scope", async () => {
    slack.setScopes(["chat:write"]);
    const failure = await failureOf(share());
    expect(failure).toMatchObject({ retry: { afterMs: 60_000 }, code: "missing_scope" });
    expect(failure.message).toContain("files:write");
  });

  it("are found in the thread if the share got no answer", async () => {
    await slack.post(dana, channel, "", {
      thread: rootTs,
      files: [{ name: file.name, mediaType: file.mediaType, bytes }],
    });
    slack.fault("files.completeUploadExternal", { drop: "after" });
    const since = new Date();
    expect(await failureOf(share())).toMatchObject({ outcome: "unknown" });
    await slack.settled();
    const [message] = ours();
    expect(await reconcile("file-1", since)).toBe(message?.files?.[0]?.["id"]);
  });

  it("are not considered lost before Slack had time to scan them", async () => {
    slack.fault("files.completeUploadExternal", { drop: "before" });
    expect(await failureOf(share())).toMatchObject({ outcome: "unknown" });
    expect(await reconcile("file-1", new Date())).toBe("unknown");
    expect(await reconcile("file-1", new Date(Date.now() - 180_000))).toBe("not-sent");
  });

  it("are not sent if our database does not have the file", async () => {
    const broken = share("file-1", () => Promise.reject(new Error("gone")));
    expect(await failureOf(broken)).toMatchObject({ outcome: "not-sent", retry: { afterMs: 5_000 } });
    expect(slack.calls).toEqual([]);
  });
});

describe("downloads", () => {
  const png = new Uint8Array(Buffer.from("\u0089PNG not really"));
  const postFile = async (o: Record<string, unknown> = {}, where = channel) => {
    const given = { name: "a.png", mediaType: "image/png", bytes: png, ...o };
    const { ts } = await slack.post(dana, where, "look", { files: [given] });
    const id = slack.messages(where).find((message) => message.ts === ts)?.files?.[0]?.["id"];
    return String(id);
  };
  it("are fetched with the bot's token", async () => {
    expect(await fetchFile(await postFile())).toEqual({ bytes: png, name: "a.png", mediaType: "image/png" });
  });

  // SL6
  it("of a shared channel read files.info first, and a login page is no file", async () => {
    const shared = slack.addChannel({ name: "partner", members: [dana], shared: true }).id;
    const id = await postFile({}, shared);
    expect(await fetchFile(id)).toMatchObject({ name: "a.png", bytes: png });
    slack.fault("files.download", { error: "login" });
    expect(await downloadError(id)).toMatch(/html_login_page.*files:read/);
  });

  it("that are HTML are told from the login page by their size", async () => {
    const id = await postFile({
      name: "a.html",
      mediaType: "text/html",
      bytes: new Uint8Array(Buffer.from("<html>Hi</html>")),
    });
    expect(await fetchFile(id)).toMatchObject({ mediaType: "text/html" });
    slack.fault("files.download", { error: "login" });
    expect(await downloadError(id)).toMatch(/html_login_page/);
  });

  it.each([
    [{ mode: "tombstone" }, "deleted"],
    [{ mode: "hidden_by_limit" }, "plan"],
    [{ externalUrl: "https://drive.example/a" }, "link to another service"],
  ])("of %j fail", async (o, message) => {
    expect(await downloadError(await postFile(o))).toContain(message);
    expect(calls("files.download")).toEqual([]);
  });

  it("are limited to the allowed size, announced and actual", async () => {
    const id = await postFile();
    expect(await downloadError(id, 5)).toContain("larger");
    expect(await fetchFile(id, png.length)).toMatchObject({ bytes: png });
  });

  it("that begin like a web page fail, whatever their type", async () => {
    const page = new Uint8Array(Buffer.from(" <!DOCTYPE html><title>Sign in</title>"));
    expect(await downloadError(await postFile({ bytes: page }))).toMatch(/html_login_page/);
  });

  it("stop if more comes than was announced, and the token follows no redirect", async () => {
    await using server = await startLyingSlack();
    const connection = await connect(configured({ api_url: server.url }), { log });
    const of = (id: string) => connection.download?.(id, { maxBytes: 10, signal: CALM() });
    await expect(of("Flarge")).rejects.toThrow(/larger/);
    await expect(of("Fmoved")).rejects.toThrow(DownloadError);
    await expect(of("Felsewhere")).rejects.toThrow(/Slack's hosts/);
    expect(server.paths).toEqual(["/api/files.info", "/Flarge", "/api/files.info", "/Fmoved", "/api/files.info"]);
  });

  it("of a file that Slack no longer has fail for good; a busy Slack may be tried again", async () => {
    expect(await downloadError("F0")).toContain("no longer has");
    const id = await postFile();
    slack.fault("files.download", { status: 404 });
    expect(await downloadError(id)).toContain("404");
    for (const fault of [{ status: 503 }, { retryAfterS: 1 }, { drop: "before" }] as const) {
      slack.fault("files.download", fault);
      const error: unknown = await fetchFile(id)?.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(DownloadError);
    }
  });

  it.each([
    ["https://files.slack.com/a", true],
    ["https://acme.slack.com/a", true],
    ["http://files.slack.com/a", false],
    ["https://files.slack.com.evil.example/a", false],
    ["https://evilslack.com/a", false],
    ["https://files.slack.com@evil.example/a", false],
    ["https://x:y@files.slack.com/a", false],
    ["http://127.0.0.1:8080/files/a", true],
    ["http://127.0.0.1:8081/files/a", false],
    ["http://169.254.169.254/latest", false],
    ["file:///etc/passwd", false],
    ["no url", false],
  ])("from %s get the token: %j", (url, expected) => {
    expect(isSlackHost(url, "http://127.0.0.1:8080")).toBe(expected);
  });
});

/** Starts a Slack whose files are not as announced: larger, or on another host. */
async function startLyingSlack() {
  const paths: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "";
    paths.push(path);
    if (path === "/Flarge") return void response.end("x".repeat(100_000));
    if (path === "/Fmoved") return void response.writeHead(302, { location: "/elsewhere" }).end();
    const id = new URLSearchParams(await text(request)).get("file") ?? "";
    const url = id === "Felsewhere" ? "http://169.254.169.254/latest" : `${urlOf(server)}/${id}`;
    response.writeHead(200, { "content-type": "application/json" });
    const file = { id, name: "a.png", mimetype: "image/png", size: 5, url_private: url };
    response.end(JSON.stringify({ ok: true, file }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: urlOf(server), paths, [Symbol.asyncDispose]: close };
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
