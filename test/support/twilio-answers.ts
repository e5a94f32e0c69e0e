/** Reads requests and writes answers like Twilio's REST API. */
import type { IncomingMessage, ServerResponse } from "node:http";

const MAX_FORM_BYTES = 1024 * 1024;

/** Returns the default code of a refusal. */
export const defaultCode = (status: number): number => (status === 429 ? 20429 : status >= 500 ? 20500 : 20001);

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FORM_BYTES) throw new Error("form too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export function json(
  response: ServerResponse,
  status: number,
  { body, headers }: { body: object; headers?: Record<string, string> },
): void {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers }).end(text);
}
