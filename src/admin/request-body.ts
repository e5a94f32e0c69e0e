import type { IncomingMessage } from "node:http";

/**
 * The raw bytes of a request, or "too large" as soon as they are more than `maxBytes`.
 * What comes after that is thrown away, so that the sender can read our answer instead of a broken connection.
 * "gone" when the sender went away before the end.
 */
export function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | "too large" | "gone"> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) {
    incoming.resume();
    return Promise.resolve("too large");
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        chunks.length = 0;
        resolve("too large");
      } else chunks.push(chunk);
    });
    incoming.on("end", () => resolve(new Uint8Array(Buffer.concat(chunks))));
    incoming.on("error", () => resolve("gone"));
    incoming.on("close", () => resolve("gone"));
  });
}
