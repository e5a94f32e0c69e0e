/** Fetching files: from Twilio's media host, and over connections that fail as networks do. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { twilioSms } from "../../channels/twilio-sms/index.ts";
import { type Connection, type Download, DownloadError } from "../../src/adapter/adapter.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import type { Attachment } from "../../src/domain/message.ts";
import { FetchError } from "../../src/lib/fetch.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { readFile } from "../../src/store/files.ts";
import { type FileRequest, fetchFile } from "../../src/turn/fetch-file.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";
import { startTwilioCounterpart, type TwilioCounterpart } from "../support/twilio-counterpart.ts";
import { zip } from "./zip.ts";

const log = createLogger({ level: "silent" });
const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(64, 1)]);
const MEGABYTE = 1024 * 1024;

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

let serial = 0;
const requestFor = (attachment: Attachment, more: Partial<FileRequest> = {}): FileRequest => {
  const signal = new AbortController().signal;
  const ask = `e${++serial}.f0`;
  return { channel: "sms", attachment, conversation: 1, ask, signal, mayLeave: () => true, ...more };
};

/** A channel whose downloads end as given, in order; the last one repeats. */
function channel(...ends: (Download | Error)[]): Connection & { tries: number } {
  const connection = {
    tries: 0,
    send: () => expect.unreachable(),
    close: async () => {},
    async download() {
      const end = ends[Math.min(connection.tries++, ends.length - 1)] ?? expect.unreachable();
      if (end instanceof Error) throw end;
      return end;
    },
  };
  return connection;
}

const download = (bytes: Uint8Array, more: Partial<Download> = {}): Download => ({
  bytes,
  mediaType: "image/png",
  ...more,
});

function fetchOver(connection: Connection | null, request: FileRequest, tryForMs = 2_500) {
  return fetchFile({ db, connection: () => connection, tryForMs }, request);
}

const countFiles = async () => Number((await db.pool.query("select count(*) as n from file")).rows[0].n);

describe("a file beyond a quota", () => {
  it("is refused in words, reported once, and marked on its message", async () => {
    const { rows } = await db.pool.query<{ message: number; event: number }>(
      `with said as (
         insert into message (conversation, author, text, attachments, at)
         values (51, 'customer', 'look', '[{"ref": "one", "name": "a.png"}, {"ref": "two", "name": "b.png"}]', now()) returning id
       )
       insert into event (conversation, kind, payload) select 51, 'message', json_build_object('message', id) from said
       returning id as event, (payload->>'message')::int as message`,
    );
    const { event, message } = rows[0] ?? { event: 0, message: 0 };
    const refused: unknown[] = [];
    const limits = () => ({ ...DEFAULT_LIMITS.files, perMessage: MEGABYTE });
    const connection = channel(download(Buffer.concat([PNG, Buffer.alloc(MEGABYTE - 100)])));
    const o = { db, connection: () => connection, limits, onRefused: (quota: string) => void refused.push(quota) };
    const of = (ref: string, n: number) =>
      requestFor({ ref, name: `${ref}.png` }, { conversation: 51, ask: `e${event}.f${n}` });
    expect((await fetchFile(o, of("one", 0))).ok).toBe(true);
    expect(await fetchFile(o, of("two", 1))).toEqual({
      ok: false,
      error: {
        reason: "refused",
        retryable: false,
        message: "“two.png” was not kept: one message may have 1 MB of files.",
      },
    });
    expect(refused).toEqual(["perMessage"]);
    const { rows: kept } = await db.pool.query("select text, attachments from message where id = $1", [message]);
    expect(kept[0]).toEqual({
      text: "look",
      attachments: [
        { ref: "one", name: "a.png" },
        { ref: "two", name: "b.png", refused: "“two.png” was not kept: one message may have 1 MB of files." },
      ],
    });
  });

  it("is not downloaded when its size is known before", async () => {
    const connection = channel(download(PNG));
    const limits = () => ({ ...DEFAULT_LIMITS.files, perConversation: MEGABYTE });
    const result = await fetchFile(
      { db, connection: () => connection, limits },
      requestFor({ ref: "r", bytes: 2 * MEGABYTE }, { conversation: 52 }),
    );
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/one conversation may have 1 MB/) },
    });
    expect(connection.tries).toBe(0);
  });
});

describe("a stored file", () => {
  it("has the type of its bytes and a clean name, and is stored once per ask", async () => {
    const request = requestFor({ ref: "r", name: "..\\scan\u202e.png", mediaType: "application/pdf" });
    const result = await fetchOver(channel(download(PNG)), request);
    expect(result).toEqual({
      ok: true,
      value: {
        id: expect.any(Number),
        name: "scan.png",
        mediaType: "image/png",
        bytes: PNG.length,
        token: expect.any(String),
      },
    });
    expect(await fetchOver(channel(download(Buffer.from("other"))), request)).toEqual(result);
    const { value } = result as { value: { id: number } };
    expect((await readFile(db, value))?.content).toEqual(PNG);
  });

  it.each<[string, Attachment, Download, { name: string; mediaType: string }]>([
    [
      "a picture without a name",
      { ref: "r", mediaType: "image/png" },
      download(PNG),
      { name: "picture.png", mediaType: "image/png" },
    ],
    [
      "a name from the platform",
      { ref: "r" },
      download(PNG, { name: "IMG_1.png" }),
      { name: "IMG_1.png", mediaType: "image/png" },
    ],
    [
      "text of an unknown type",
      { ref: "r", name: "a.csv", mediaType: "text/csv" },
      download(Buffer.from("a,b\n1,2\n")),
      { name: "a.csv", mediaType: "text/csv" },
    ],
    [
      "text that was claimed to be a picture",
      { ref: "r", name: "a.png", mediaType: "image/png" },
      download(Buffer.from("sorry")),
      { name: "a.png", mediaType: "text/plain" },
    ],
    [
      "unknown bytes",
      { ref: "r", name: "a.xyz", mediaType: "image/png" },
      download(Buffer.of(1, 2, 3)),
      { name: "a.xyz", mediaType: "application/octet-stream" },
    ],
    [
      "a document",
      { ref: "r", name: "a.docx", mediaType: "image/png" },
      download(zip(["[Content_Types].xml", "word/document.xml"])),
      {
        name: "a.docx",
        mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      },
    ],
    [
      "a ZIP file of photos",
      { ref: "r", name: "photos.zip" },
      download(zip(["a.jpg"])),
      { name: "photos.zip", mediaType: "application/zip" },
    ],
  ])("%s", async (_name, attachment, download, expected) => {
    expect(await fetchOver(channel(download), requestFor(attachment))).toMatchObject({ ok: true, value: expected });
  });
});

describe("a refused file, in words for an operator", () => {
  it.each<[string, Attachment, Download, string]>([
    [
      "a web page in place of a picture",
      { ref: "r", name: "a.png", mediaType: "image/png" },
      download(Buffer.from("<!DOCTYPE html><p>Sign in")),
      "“a.png” was not kept: it is a web page, though it was said to be image/png.",
    ],
    [
      "a program",
      { ref: "r", name: "a.png" },
      download(Buffer.from("#!/bin/sh\n")),
      "“a.png” was not kept: it is a program or a script.",
    ],
    [
      "SVG in place of a picture",
      { ref: "r", name: "a.jpg", mediaType: "image/jpeg" },
      download(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')),
      "“a.jpg” was not kept: it is no picture, though it was said to be image/jpeg.",
    ],
    [
      "a form in place of a picture",
      { ref: "r", name: "a.jpg" },
      download(Buffer.from('<form action="https://x.example">')),
      "“a.jpg” was not kept: it is a web page, though it was said to be image/png.",
    ],
    [
      "a program in a document",
      { ref: "r", name: "a.docx" },
      download(zip(["[Content_Types].xml", "word/document.xml", "setup.exe"])),
      "“a.docx” was not kept: it is a document with a program, a script or macros in it.",
    ],
    [
      "a program by the platform's name for it",
      { ref: "r" },
      download(Buffer.from("x"), { name: "run.bat" }),
      "“a file” was not kept: it is a program or a script.",
    ],
    ["an empty file", { ref: "r", name: "a.png" }, download(new Uint8Array()), "“a.png” was not kept: it is empty."],
    [
      "more than 20 MB",
      { ref: "r", name: "a.png" },
      download(new Uint8Array(20 * MEGABYTE + 1)),
      "“a.png” could not be fetched: it is larger than 20 MB.",
    ],
  ])("%s", async (_name, attachment, download, message) => {
    const before = await countFiles();
    const result = await fetchOver(channel(download), requestFor(attachment));
    expect(result).toEqual({ ok: false, error: { reason: "refused", message, retryable: false } });
    expect(await countFiles()).toBe(before);
  });

  it("a file with a size beyond the limit is not downloaded", async () => {
    const connection = channel(download(PNG));
    const result = await fetchOver(connection, requestFor({ ref: "r", name: "film.mp4", bytes: 20 * MEGABYTE + 1 }));
    expect(result).toMatchObject({
      ok: false,
      error: { message: "“film.mp4” could not be fetched: it is larger than 20 MB." },
    });
    expect(connection.tries).toBe(0);
  });

  it.each<[string, Connection | null, string]>([
    ["a channel that is gone", null, "the channel sms no longer exists"],
    [
      "a channel without files",
      { send: () => expect.unreachable(), close: async () => {} },
      "the channel sms provides no files",
    ],
  ])("%s", async (_name, connection, why) => {
    const result = await fetchOver(connection, requestFor({ ref: "r", name: "a.png" }));
    const message = `“a.png” could not be fetched: ${why}.`;
    expect(result).toEqual({ ok: false, error: { reason: "bad_input", message, retryable: false } });
  });
});

describe("a failed download", () => {
  const cut = new FetchError("The connection closed before the answer was whole.", {
    fault: "closed",
    mayHaveLeft: true,
  });

  it("is retried when the failure is transient", async () => {
    const connection = channel(cut, download(PNG));
    expect(await fetchOver(connection, requestFor({ ref: "r", name: "a.png" }))).toMatchObject({ ok: true });
    expect(connection.tries).toBe(2);
  });

  it("is given up after its time, with the last reason", async () => {
    const connection = channel(cut);
    const result = await fetchOver(connection, requestFor({ ref: "r", name: "a.png" }), 1_500);
    const message = "“a.png” could not be fetched: The connection closed before the answer was whole.";
    expect(result).toEqual({ ok: false, error: { reason: "unreachable", message, retryable: true } });
    expect(connection.tries).toBe(2);
  });

  it("is final when the platform says so", async () => {
    const connection = channel(new DownloadError("Twilio does not have it any more"));
    const result = await fetchOver(connection, requestFor({ ref: "r", mediaType: "image/jpeg" }));
    const message = "“image/jpeg” could not be fetched: Twilio does not have it any more.";
    expect(result).toEqual({ ok: false, error: { reason: "refused", message, retryable: false } });
    expect(connection.tries).toBe(1);
  });

  it("is not begun once the claim has lapsed (E1)", async () => {
    const connection = channel(download(PNG));
    const result = await fetchOver(connection, requestFor({ ref: "r" }, { mayLeave: () => false }), 0);
    expect(result).toMatchObject({ ok: false, error: { reason: "timeout", retryable: true } });
    expect(connection.tries).toBe(0);
  });

  it("ends at once on our shutdown, for the next process to repeat", async () => {
    const stop = new AbortController();
    const connection = channel(cut);
    const fetching = fetchOver(connection, requestFor({ ref: "r" }, { signal: stop.signal }), 60_000);
    await expect.poll(() => connection.tries).toBe(1);
    const before = performance.now();
    stop.abort();
    expect(await fetching).toMatchObject({ ok: false, error: { retryable: true } });
    expect(performance.now() - before).toBeLessThan(900);
    expect(connection.tries).toBe(1);
  });
});

it("fetches at most four files of a channel at once, in the order of their requests, and delays no other channel (E5)", async () => {
  let [under, most] = [0, 0];
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const connection: Connection = {
    send: () => expect.unreachable(),
    close: async () => {},
    async download(ref) {
      begun.push(ref);
      most = Math.max(most, ++under);
      await new Promise<void>((resolve) => waiting.push(resolve));
      under--;
      return download(PNG);
    },
  };
  const refs = Array.from({ length: 20 }, (_, n) => `file ${n}`);
  const begin = (some: readonly string[]) => some.map((ref) => fetchOver(connection, requestFor({ ref })));
  const fetching = begin(refs.slice(0, 15));
  for (let done = 0; done < refs.length; done++) {
    // These come while others are waiting.
    if (done === 5) fetching.push(...begin(refs.slice(15)));
    await expect.poll(() => begun.length).toBe(Math.min(refs.length, 4 + done));
    if (done === 0)
      expect(await fetchOver(channel(download(PNG)), requestFor({ ref: "r" }, { channel: "chat" }))).toMatchObject({
        ok: true,
      });
    waiting.shift()?.();
  }
  expect((await Promise.all(fetching)).every(({ ok }) => ok)).toBe(true);
  expect([most, begun]).toEqual([4, refs]);
});

describe("over Twilio", () => {
  let twilio: TwilioCounterpart;
  let connection: Connection;
  beforeAll(async () => {
    twilio = await startTwilioCounterpart();
    const account = { account_sid: twilio.accountSid, auth_token: twilio.authToken, from: "+15550100" };
    connection = await twilioSms.connect(twilioSms.config.parse({ ...account, api_url: twilio.url }), { log });
  });
  afterAll(async () => {
    await connection.close();
    await twilio.close();
  });

  it("a picture of a text message is parsed, fetched and stored", async () => {
    const url = twilio.media.host({ bytes: PNG, type: "image/png", name: "IMG_7.png" });
    const media = [{ url, type: "image/png" }];
    const webhook = twilio.textWebhook({
      from: "+14155550142",
      to: "+15550100",
      body: "",
      media,
      url: "https://x.example/",
    });
    const raw = {
      body: Buffer.from(webhook.body),
      contentType: "application/x-www-form-urlencoded",
      receivedAt: new Date(),
    };
    const config = twilioSms.config.parse({ account_sid: twilio.accountSid, auth_token: "x", from: "+15550100" });
    const [message] = twilioSms.parse(raw, config);
    const attachment = message?.kind === "message" ? message.attachments[0] : undefined;
    const result = await fetchOver(connection, requestFor(attachment ?? expect.unreachable()));
    expect(result).toMatchObject({ ok: true, value: { name: "IMG_7.png", mediaType: "image/png", bytes: PNG.length } });
    const { value } = result as { value: { token: string } };
    expect((await readFile(db, { token: value.token }))?.content).toEqual(PNG);
  });

  it("a web page in place of the picture is refused", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "html" } });
    const result = await fetchOver(connection, requestFor({ ref, mediaType: "image/png" }));
    expect(result).toMatchObject({
      ok: false,
      error: { reason: "refused", message: expect.stringContaining("web page") },
    });
  });

  it("a media host that fails for a moment is asked again", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "status", status: 503, times: 1 } });
    expect(await fetchOver(connection, requestFor({ ref }))).toMatchObject({ ok: true });
  });

  it("a body that never ends is given up", async () => {
    const ref = twilio.media.host({ bytes: PNG, type: "image/png", trap: { kind: "drip" } });
    const request = requestFor({ ref, name: "a.png" });
    const result = await fetchFile({ db, connection: () => connection, tryForMs: 0, oneTryMs: 200 }, request);
    const message = "“a.png” could not be fetched: it did not arrive in time.";
    expect(result).toEqual({ ok: false, error: { reason: "timeout", message, retryable: true } });
  });
});
