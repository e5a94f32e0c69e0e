/** Serves the bytes of files: uploads by ticket, downloads by the bot's token. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { takeFault } from "./faults.ts";
import { pause, type World } from "./world.ts";

const LOGIN_PAGE =
  "<!DOCTYPE html><html><head><title>Sign in to Acme | Slack</title></head><body>Sign in</body></html>";

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  bytes: Buffer;
  path: string;
}

/** Accepts an announced upload; another length is a violation. */
export async function upload(world: World, { request, response, bytes, path }: Exchange): Promise<void> {
  const fault = takeFault(world, "files.upload");
  if (fault?.delayMs) await pause(fault.delayMs);
  if (fault?.drop === "before") return void response.socket?.destroy();
  if (fault?.status) return void response.writeHead(fault.status).end("Failed");
  const file = world.files.get(world.uploads.get(path.slice("/upload/v1/".length)) ?? "");
  if (!file || file.awaiting === null) return void response.writeHead(404).end("Not found");
  const body = contentOf(request, bytes);
  if (body.length !== file.awaiting) {
    world.violations.push(`files.upload: ${body.length} bytes came, ${file.awaiting} were announced`);
    return void response.writeHead(400).end("Wrong length");
  }
  Object.assign(file, { bytes: body, awaiting: null, mediaType: request.headers["x-media-type"] ?? typeOf(file.name) });
  if (fault?.drop === "after") return void response.socket?.destroy();
  response.writeHead(200, { "content-type": "text/plain" }).end(`OK - ${body.length}`);
}

/** Returns the raw bytes, or the single part of a form. */
function contentOf(request: IncomingMessage, bytes: Buffer): Buffer {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(request.headers["content-type"] ?? "")?.[1];
  if (boundary === undefined) return bytes;
  const start = bytes.indexOf("\r\n\r\n") + 4;
  return bytes.subarray(start, bytes.indexOf(`\r\n--${boundary}`, start));
}

const TYPES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  pdf: "application/pdf",
  txt: "text/plain",
  csv: "text/csv",
  html: "text/html",
};
const typeOf = (name: string): string =>
  TYPES[name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream";

/** Serves a file; with a wrong token or without files:read, Slack's login page with HTTP 200. */
export async function download(world: World, { request, response, path }: Exchange): Promise<void> {
  const fault = takeFault(world, "files.download");
  if (fault?.delayMs) await pause(fault.delayMs);
  if (fault?.drop) return void response.socket?.destroy();
  if (fault?.status || fault?.retryAfterS) {
    const headers = fault.retryAfterS ? { "retry-after": String(fault.retryAfterS) } : {};
    return void response.writeHead(fault.status ?? 429, headers).end();
  }
  const right = request.headers.authorization === `Bearer ${world.ids.botToken}` && !world.revoked;
  if (!right || !world.scopes.has("files:read") || fault?.error) return html(response, LOGIN_PAGE);
  const file = world.files.get(/^\/files\/[^/-]+-([^/]+)\//.exec(path)?.[1] ?? "");
  if (!file || file.mode !== "hosted")
    return void response.writeHead(404, { "content-type": "text/html" }).end("<html>Not found</html>");
  response.writeHead(200, { "content-type": file.mediaType, "content-length": file.bytes.length }).end(file.bytes);
}

const html = (response: ServerResponse, text: string): void =>
  void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(text);
