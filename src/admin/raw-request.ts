import type { IncomingMessage } from "node:http";
import type { RawRequest } from "../adapter/inbound.ts";

interface RequestFacts {
  body: Uint8Array;
  receivedAt: Date;
  /** The public URL; null: the host name of the request. */
  publicUrl: string | null;
}

/** Builds the request that adapters verify: unchanged bytes, lower-case header names, the public URL that platforms sign. */
export function rawRequest(incoming: IncomingMessage, { body, receivedAt, publicUrl }: RequestFacts): RawRequest {
  const headers = headersOf(incoming);
  return {
    method: incoming.method ?? "POST",
    url: publicBase(headers, publicUrl) + (incoming.url ?? "/"),
    headers,
    contentType: headers["content-type"] ?? "",
    body,
    receivedAt,
  };
}

/** Returns headers as strings; Node has lower-cased the names and joined repeated ones. */
export function headersOf(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** Returns the public URL without a trailing slash. */
export function publicBase(headers: Readonly<Record<string, string>>, publicUrl: string | null): string {
  return publicUrl === null ? `http://${headers.host ?? "localhost"}` : publicUrl.replace(/\/+$/, "");
}
