import type { IncomingMessage } from "node:http";
import type { RawRequest } from "../adapter/inbound.ts";

interface RequestFacts {
  body: Uint8Array;
  receivedAt: Date;
  /** Under which the world reaches us; null: whatever name the request used. */
  publicUrl: string | null;
}

/** The request as adapters verify it: untouched bytes, lower-case header names, the public URL that platforms sign. */
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

/** Node has already lowered the names and joined what came twice. */
export function headersOf(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** Where the world reaches us, without a slash at the end. */
export function publicBase(headers: Readonly<Record<string, string>>, publicUrl: string | null): string {
  return publicUrl === null ? `http://${headers.host ?? "localhost"}` : publicUrl.replace(/\/+$/, "");
}
