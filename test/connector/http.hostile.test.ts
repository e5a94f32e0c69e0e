/** Answers of systems that are broken or hostile: each ends soon, by name, and in little memory. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { MAX_ANSWER_BYTES } from "../../src/connector/http.ts";
import { MAX_KEPT_CHARACTERS, MAX_TEXT_CHARACTERS } from "../../src/connector/kept.ts";
import { callerOf, manifestOf } from "./calling.ts";
import { type Answer, counterpart, json } from "./counterpart.ts";

const manifest = (url: string) =>
  manifestOf(`
id: shop
base_url: ${url}
operations:
  get: { kind: read, request: GET /order, returns: { id: string, note: string?, lines: list of string? }, timeout: 1s }
  cancel: { kind: write, request: POST /cancel, returns: { id: string }, timeout: 1s }
`);

const typed =
  (type: string, body: string | Buffer, more = {}): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": type, ...more }).end(body);
  };

const BLOCK = Buffer.alloc(65_536, 120);
/** Sends blocks as long as they are taken, up to a size; `sent` tells how many bytes that was. */
const stream =
  (bytes: number, sent: { bytes: number }, headers = {}): Answer =>
  (response) => {
    response.writeHead(200, headers);
    const more = (): void => {
      while (sent.bytes < bytes && !response.destroyed) {
        sent.bytes += BLOCK.length;
        if (!response.write(BLOCK)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  };

/** One byte after another, without end. */
const drip: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 20);
  response.once("close", () => clearInterval(timer));
};

describe("an answer", () => {
  it.each<[string, Answer, string]>([
    [
      "a page",
      typed("text/html; charset=utf-8", "<html>Maintenance</html>"),
      "Its answer was not JSON, but text/html.",
    ],
    ["a picture", typed("image/png", Buffer.from([0x89, 0x50, 0, 0xff])), "Its answer was not JSON, but image/png."],
    ["half of a JSON", json(200, {}), "Its answer was not as declared: answer.id should be a string, but is missing."],
    ["nothing", typed("application/json", ""), "Its answer was not JSON."],
    ["a type that is none", typed("\tjson<script>", "x"), "Its answer was not JSON."],
    [
      "packed though nobody asked",
      typed("application/json", gzipSync('{"id":"1"}'), { "content-encoding": "gzip" }),
      "Its answer was not JSON.",
    ],
    ["nested without end", typed("application/json", "[".repeat(250_000)), "Its answer was not JSON."],
    [
      "nested too deep for anything declared",
      typed("application/json", `${'{"id":'.repeat(30_000)}1${"}".repeat(30_000)}`),
      "Its answer was not as declared: answer.id should be a string, but is object.",
    ],
  ])("that is %s is a bad answer", async (_, answer, message) => {
    await using shop = await counterpart(answer);
    const { result } = await callerOf(manifest(shop.url)).call("get");
    expect(result).toEqual({ ok: false, error: { reason: "bad_answer", message, retryable: false } });
  });

  it.each([
    ["says its size", { "content-length": String(200_000_000) }],
    ["does not", {}],
  ])("of 200 MB is given up after its beginning, where it %s", async (_, headers) => {
    const sent = { bytes: 0 };
    await using shop = await counterpart(stream(200_000_000, sent, headers));
    const before = process.memoryUsage().rss;
    const { result, durationMs } = await callerOf(manifest(shop.url)).call("get", {
      nowMs: performance.now.bind(performance),
    });
    const message = `The answer is larger than ${MAX_ANSWER_BYTES} bytes.`;
    expect(result).toEqual({ ok: false, error: { reason: "bad_answer", message, retryable: false } });
    expect(durationMs).toBeLessThan(1_000);
    // What the sockets hold comes on top of the limit.
    expect(sent.bytes).toBeLessThan(20_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it("that never ends is given up at the deadline", async () => {
    await using shop = await counterpart(drip);
    const nowMs = performance.now.bind(performance);
    const read = await callerOf(manifest(shop.url)).call("get", { nowMs });
    expect(read.result).toMatchObject({ ok: false, error: { reason: "timeout", retryable: true } });
    expect(read.durationMs).toBeLessThan(3_000);
    const write = await callerOf(manifest(shop.url)).call("cancel", { nowMs });
    expect(write).toMatchObject({ result: { ok: false, error: { reason: "ambiguous" } }, uncertain: true });
  });

  it("with endless headers is closed by name", async () => {
    await using shop = await counterpart((response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\n${"x-a: y\r\n".repeat(100_000)}`);
    });
    const { result } = await callerOf(manifest(shop.url)).call("get");
    expect(result).toMatchObject({ ok: false, error: { reason: "unreachable" } });
  });
});

describe("what is kept of an answer", () => {
  it("is what the manifest declares", async () => {
    await using shop = await counterpart(json(200, { id: "1", password: "x", __proto__: { admin: true } }));
    expect((await callerOf(manifest(shop.url)).call("get")).result).toEqual({ ok: true, value: { id: "1" } });
  });

  it("has long texts shortened, each with a mark", async () => {
    const note = "é".repeat(MAX_TEXT_CHARACTERS);
    await using shop = await counterpart(json(200, { id: "1", note }), json(200, { id: "1", note: `${note}abc` }));
    const { call } = callerOf(manifest(shop.url));
    expect((await call("get")).result).toEqual({ ok: true, value: { id: "1", note } });
    expect((await call("get")).result).toEqual({
      ok: true,
      value: { id: "1", note: `${note}… [3 characters left out]` },
    });
  });

  it("is bounded as a whole", async () => {
    const line = "x".repeat(1_000);
    const lines = (count: number) => json(200, { id: "1", lines: Array.from({ length: count }, () => line) });
    const few = Math.floor(MAX_KEPT_CHARACTERS / 1_010);
    await using shop = await counterpart(lines(few), lines(few + 2));
    const { call } = callerOf(manifest(shop.url));
    expect((await call("get")).result.ok).toBe(true);
    expect((await call("get")).result).toMatchObject({
      ok: false,
      error: { reason: "bad_answer", message: expect.stringContaining("Declare fewer fields") },
    });
  });
});
