import { createServer as createNodeServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import type { RawRequest, WebhookResponse } from "../../src/adapter/inbound.ts";
import { bodyBudget } from "../../src/admin/body-budget.ts";
import type { ServerDeps } from "../../src/admin/deps.ts";
import { FIRST_BODY_BYTES, MAX_UNVERIFIED_BYTES } from "../../src/admin/limits.ts";
import { PortInUseError } from "../../src/admin/port.ts";
import { readBody } from "../../src/admin/request-body.ts";
import { createServer } from "../../src/admin/server.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { DOOR, serverDeps } from "./server-deps.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Headers with the signature; without it a body is refused unread. */
const SIGNED = { "x-signature": "abc=" };

/** Sends part of a body and stops. */
async function half(
  url: string,
  { announced, sent, signed = false }: { announced: number; sent: string; signed?: boolean },
) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  open.push(async () => socket.destroy());
  const answer = new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  socket.on("error", () => {});
  const head = `POST /channels/sms HTTP/1.1\r\nhost: x\r\n${signed ? "x-signature: s\r\n" : ""}content-length: ${announced}\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(head + sent, () => resolve()));
  return { socket, answer };
}

const STORED: WebhookResponse = { status: 200, contentType: "text/xml", body: "<Response/>" };

async function serve(more: Partial<ServerDeps> = {}) {
  const received: { channel: string; request: RawRequest }[] = [];
  const server = createServer(
    serverDeps({
      clock: () => new Date("2026-01-01T10:00:00Z"),
      webhook: async (channel, request) => {
        received.push({ channel, request });
        return STORED;
      },
      metrics: async () => "frontdesk_up 1\n",
      ...more,
    }),
  );
  await server.listen(0);
  open.push(() => server.close());
  return { server, received, url: server.url };
}

describe("webhooks", () => {
  test("a body's bytes arrive unchanged, with lower-case header names", async () => {
    const { url, received } = await serve();
    const body = new Uint8Array([0, 255, 195, 40, 13, 10, 34]);
    const answer = await fetch(`${url}/channels/sms`, {
      method: "POST",
      body,
      headers: { "X-Signature": "abc=", "Content-Type": "application/x-www-form-urlencoded" },
    });
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "text/xml",
      "<Response/>",
    ]);
    expect(received).toHaveLength(1);
    const { channel, request } = received[0]!;
    expect(channel).toBe("sms");
    expect(request.body).toEqual(body);
    expect(request.headers["x-signature"]).toBe("abc=");
    expect(request.contentType).toBe("application/x-www-form-urlencoded");
    expect(request.receivedAt).toEqual(new Date("2026-01-01T10:00:00Z"));
    expect(request.url).toBe(`${url}/channels/sms`);
  });

  test("the URL is the public one, with path and query exactly as sent", async () => {
    const { url, received } = await serve({ publicUrl: "https://desk.example/" });
    await fetch(`${url}/channels/sms/status%2Fcallback?a=1%202&a=%E2%82%AC`, {
      method: "POST",
      headers: SIGNED,
      body: "x",
    });
    expect(received[0]?.request.url).toBe("https://desk.example/channels/sms/status%2Fcallback?a=1%202&a=%E2%82%AC");
    expect(received[0]?.channel).toBe("sms");
  });

  test("an empty body is accepted", async () => {
    const { url, received } = await serve();
    expect((await fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED })).status).toBe(200);
    expect(received[0]?.request.body.byteLength).toBe(0);
  });

  test.each([
    ["named", true],
    ["streamed without a length", false],
  ])("a body above the adapter's limit, %s, is refused with 413 and not passed on", async (_how, named) => {
    const { url, received } = await serve();
    const big = new Uint8Array(2_000_000);
    const body = named ? big : new Blob([big]).stream();
    const answer = await fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body, duplex: "half" });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain("65536 bytes");
    expect(received).toHaveLength(0);
  });

  test("a body of exactly the limit is accepted, byte for byte", async () => {
    const { url, received } = await serve();
    const body = Uint8Array.from({ length: DOOR.maxBytes }, (_, at) => at % 251);
    expect((await fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body })).status).toBe(200);
    expect(Buffer.from(received[0]?.request.body ?? []).equals(body)).toBe(true);
  });

  test("without the signature's header the body is not read, and the adapter refuses", async () => {
    const refusal: WebhookResponse = { status: 403, contentType: "text/plain", body: "no signature" };
    const bodies: number[] = [];
    const { url } = await serve({
      webhook: async (_channel, { body }) => {
        bodies.push(body.byteLength);
        return refusal;
      },
    });
    // The rest of the body is never sent: the answer comes before it.
    const { socket, answer } = await half(url, { announced: 60_000, sent: "x".repeat(30_000) });
    expect(await answer).toMatch(/^HTTP\/1.1 403 /);
    socket.destroy();
    expect(bodies).toEqual([0]);
  });

  test("unverified bodies share a budget, and one without room gets Retry-After", async () => {
    const refused: (number | string | null)[] = [];
    const { url } = await serve({
      webhookRules: () => ({ ...DOOR, maxBytes: 1_048_576 }),
      meter: { ...serverDeps().meter, countRefused: (_channel, status) => refused.push(status) },
    });
    const sent = "x".repeat(1_000_000);
    const senders = await Promise.all(
      Array.from({ length: 40 }, () => half(url, { announced: 1_048_000, sent, signed: true })),
    );
    // At most 33 bodies of a million bytes fit into the budget.
    await expect.poll(() => refused.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(7);
    const told = await Promise.race(senders.map(({ answer }) => answer));
    expect(told).toMatch(/^HTTP\/1.1 503 [^]*retry-after: 2\r\n/i);
    expect(new Set(refused)).toEqual(new Set([503]));
    for (const { socket } of senders) socket.destroy();
    const late = () => fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body: sent });
    await expect.poll(async () => (await late()).status).toBe(200);
  });

  test("a body in chunks of one byte takes no more memory than in one chunk", async () => {
    const budget = bodyBudget(MAX_UNVERIFIED_BYTES);
    const pieces = Object.assign(Readable.from(Array.from({ length: 3_000 }, () => Buffer.of(65))), {
      headers: {},
      complete: true,
    });
    const body = await readBody(pieces as unknown as IncomingMessage, { maxBytes: 65_536, budget });
    if (typeof body === "string") return expect.unreachable();
    expect([body.bytes.byteLength, budget.held]).toEqual([3_000, FIRST_BODY_BYTES]);
    body.release();
    expect(budget.held).toBe(0);
  });

  test("a request that could not be stored is not acknowledged", async () => {
    const { url } = await serve({ webhook: () => Promise.reject(new Error("no database")) });
    const answer = await fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body: "x" });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(await answer.text()).not.toContain("no database");
  });

  test("an adapter's answer without a body keeps its status", async () => {
    const { url } = await serve({ webhook: async () => ({ status: 204, contentType: "text/plain", body: "" }) });
    expect((await fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body: "x" })).status).toBe(204);
  });
});

describe("health and metrics", () => {
  test("live answers while the process runs, ready reports problems", async () => {
    const checks = { database: { ok: false, message: "Postgres does not answer." } };
    const { url } = await serve({ ready: async () => ({ ok: false, checks }) });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      ok: false,
      checks: { database: { ok: false, says: "Postgres does not answer." } },
    });
  });

  test("metrics are Prometheus text", async () => {
    const { url } = await serve();
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get("content-type")).toContain("version=0.0.4");
    expect(await answer.text()).toBe("frontdesk_up 1\n");
  });
});

describe("an unknown path or method", () => {
  test.each([
    ["GET", "/nowhere", 404, null],
    ["GET", "/playground", 404, null],
    ["GET", "/", 404, null],
    ["GET", "/channels/sms", 405, "POST"],
    ["DELETE", "/channels/sms/status", 405, "POST"],
    ["POST", "/health/live", 405, "GET"],
    ["PUT", "/metrics", 405, "GET"],
  ])("%s %s is refused with %i", async (method, path, status, allow) => {
    const { url } = await serve();
    const answer = await fetch(url + path, { method, redirect: "manual" });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("allow")).toBe(allow);
    expect(await answer.text()).toMatch(status === 404 ? /Not found/ : /use (POST|GET)/);
  });

  test("every answer carries the security headers", async () => {
    const { url } = await serve();
    for (const path of ["/nowhere", "/health/live", "/channels/sms"]) {
      const { headers } = await fetch(url + path);
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    }
  });
});

describe("listening and closing", () => {
  test("the error for a taken port names one that is free", async () => {
    const taken = createNodeServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    open.push(() => new Promise((resolve) => taken.close(resolve)));
    const { port } = taken.address() as AddressInfo;
    const other = await serve();
    const second = createServer(serverDeps());
    const refusal = await second.listen(port).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PortInUseError);
    const { free, message } = refusal as PortInUseError;
    expect(message).toBe(`Port ${port} is in use; try --port ${free}`);
    expect(other.url).not.toContain(`:${free}`);
    await second.listen(free!);
    open.push(() => second.close());
    expect((await fetch(`http://127.0.0.1:${free}/health/live`)).status).toBe(200);
  });

  test("a request in flight finishes while the server closes, and a new one is refused", async () => {
    const arrived = later<void>();
    const answer = later<WebhookResponse>();
    const { server, url } = await serve({
      webhook: () => {
        arrived.resolve();
        return answer.promise;
      },
    });
    const inFlight = fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body: "x" });
    await arrived.promise;
    const closed = server.close();
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    answer.resolve(STORED);
    expect(await (await inFlight).text()).toBe("<Response/>");
    await closed;
  });

  test("a sender that leaves in the middle of a body has no effect on others", async () => {
    const { log, lines } = collectLog();
    const { url, received } = await serve({ log });
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    await new Promise<void>((resolve) => {
      socket.write("POST /channels/sms HTTP/1.1\r\nhost: x\r\nx-signature: s\r\ncontent-length: 100\r\n\r\nhalf", () =>
        resolve(),
      );
    });
    socket.destroy();
    expect((await fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body: "whole" })).status).toBe(200);
    expect(received.map(({ request }) => request.body.byteLength)).toEqual([5]);
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 30, channel: "sms", msg: "webhook body was incomplete" });
  });

  test("an unknown channel is answered before the body has arrived", async () => {
    const unknown: WebhookResponse = { status: 404, contentType: "text/plain", body: "no" };
    const { url } = await serve({
      webhookRules: (name) => (name === "sms" ? DOOR : null),
      webhook: async () => unknown,
    });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    open.push(async () => socket.destroy());
    const answer = new Promise<string>((resolve, reject) => {
      socket.once("data", (data) => resolve(String(data)));
      socket.once("error", reject);
    });
    socket.write("POST /channels/smss HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\nthe beginning");
    expect(await answer).toMatch(/^HTTP\/1.1 404 /);
  });
});

test("a failed request is logged with its error", async () => {
  const { log, lines } = collectLog();
  const { url } = await serve({ log, ready: () => Promise.reject(new Error("the probe broke")) });
  expect((await fetch(`${url}/health/ready`)).status).toBe(500);
  expect(lines).toMatchObject([{ level: 50, path: "/health/ready", err: { message: "the probe broke" } }]);
});

/** A logger that collects its lines. */
function collectLog() {
  const lines: unknown[] = [];
  return { log: createLogger({ stream: { write: (line) => lines.push(JSON.parse(line)) } }), lines };
}

function later<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
