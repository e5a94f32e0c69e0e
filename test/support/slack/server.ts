/** The HTTP server: /api/<method>, files and response URLs. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { download, upload } from "./downloads.ts";
import { takeFault } from "./faults.ts";
import { respondLater } from "./response-url.ts";
import { upgrade } from "./socket.ts";
import { answer } from "./web-api/index.ts";
import { pause, type World } from "./world.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Listens on a free local port and sets the world's address. */
export async function listen(world: World): Promise<Server> {
  const server = createServer((request, response) => {
    serve(world, request, response).catch((error: unknown) => {
      world.violations.push(`the counterpart broke: ${String(error)}`);
      response.destroy(error as Error);
    });
  });
  server.on("upgrade", (request, socket, head) => upgrade(world, request, { socket, head }));
  server.on("connection", (socket) => socket.unref());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  world.apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return server;
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", world.apiUrl);
  const bytes = await bodyOf(request);
  if (url.pathname.startsWith("/api/"))
    return serveApi(world, { request, response, bytes, name: url.pathname.slice(5) });
  const exchange = { request, response, bytes, path: url.pathname };
  if (url.pathname.startsWith("/upload/")) return upload(world, exchange);
  if (url.pathname.startsWith("/files/")) return download(world, exchange);
  if (url.pathname.startsWith("/response/")) return respondLater(world, exchange);
  response.writeHead(404, { "content-type": "text/html" }).end("<html>Not found</html>");
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  bytes: Buffer;
  name: string;
}

async function serveApi(world: World, { request, response, bytes, name }: Exchange): Promise<void> {
  const at = Date.now();
  const raw = request.method === "POST" ? parsedBody(request, bytes) : {};
  const record = { method: name, arguments: readableArguments(raw), at, answer: null as unknown };
  world.calls.push(record);
  const fault = takeFault(world, name);
  if (fault?.delayMs) await pause(fault.delayMs);
  if (fault?.drop === "before") return void response.socket?.destroy();
  const fails = fault && (fault.status || fault.retryAfterS || fault.error) && fault.drop !== "after";
  if (fails) {
    if (fault.takesEffect) await answer(world, { name, token: tokenOf(request, raw), raw });
    record.answer = sendFault(response, fault);
    return;
  }
  const body = await answer(world, { name, token: tokenOf(request, raw), raw });
  if (fault?.drop === "after") return void response.socket?.destroy();
  record.answer = send(world, response, body);
}

function sendFault(response: ServerResponse, fault: NonNullable<ReturnType<typeof takeFault>>): unknown {
  if (fault.retryAfterS !== undefined) return rateLimited(response, fault.retryAfterS);
  if (fault.status !== undefined) {
    response.writeHead(fault.status, { "content-type": "text/html" }).end(`<html>${fault.status}</html>`);
    return null;
  }
  const body = { ok: false, error: fault.error, ...fault.more };
  json(response, 200, { body });
  return body;
}

function send(world: World, response: ServerResponse, body: Record<string, unknown>): unknown {
  if (body["error"] === "ratelimited") return rateLimited(response, Number(body["retryAfterS"]));
  json(response, 200, { body, headers: { "x-oauth-scopes": [...world.scopes].join(",") } });
  return body;
}

function rateLimited(response: ServerResponse, afterS: number): unknown {
  const body = { ok: false, error: "ratelimited" };
  json(response, 429, { body, headers: { "retry-after": String(afterS) } });
  return body;
}

function tokenOf(request: IncomingMessage, raw: Record<string, unknown>): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  return bearer ?? (typeof raw["token"] === "string" ? raw["token"] : undefined);
}

function parsedBody(request: IncomingMessage, bytes: Buffer): Record<string, unknown> {
  const type = request.headers["content-type"] ?? "";
  const text = bytes.toString("utf8");
  if (type.startsWith("application/json")) return JSON.parse(text || "{}") as Record<string, unknown>;
  return Object.fromEntries(new URLSearchParams(text));
}

/** Makes arguments readable for `calls`: decodes JSON inside a form, removes the token. */
function readableArguments(raw: Record<string, unknown>): Record<string, unknown> {
  const told = Object.entries(raw).filter(([key]) => key !== "token");
  return Object.fromEntries(told.map(([key, value]) => [key, JSON_KEYS.has(key) ? decodeJson(value) : value]));
}

const JSON_KEYS = new Set(["blocks", "attachments", "metadata", "view", "files"]);

function decodeJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new Error("body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Content {
  body: object;
  headers?: Record<string, string>;
}

function json(response: ServerResponse, status: number, { body, headers = {} }: Content): void {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  const usual = { "content-type": "application/json; charset=utf-8", "content-length": length };
  response.writeHead(status, { ...usual, ...headers }).end(text);
}
