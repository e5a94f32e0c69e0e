import { createHmac, timingSafeEqual } from "node:crypto";
import type { RawRequest, Verdict } from "../../src/adapter/inbound.ts";
import type { PlaygroundConfig } from "./config.ts";
import { MAX_BODY_BYTES, SIGNATURE_TOLERANCE_MS } from "./limits.ts";

export const SIGNATURE = "x-frontdesk-signature";
const TIMESTAMP = "x-frontdesk-timestamp";
/** Unix seconds, ten digits until the year 2286. */
const UNIX_SECONDS = /^\d{1,12}$/;

/** Signs a body of our page; returns the headers, with an HMAC-SHA256 over "<unix seconds>.<body>". */
export function sign(body: string | Uint8Array, secret: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return { [TIMESTAMP]: timestamp, [SIGNATURE]: signature(body, secret, timestamp) };
}

export function verify(request: RawRequest, { secret }: PlaygroundConfig, now: Date): Verdict {
  if (request.body.byteLength > MAX_BODY_BYTES) {
    return { ok: false, status: 413, reason: `the body is longer than ${MAX_BODY_BYTES} bytes` };
  }
  const timestamp = request.headers[TIMESTAMP] ?? "";
  if (!UNIX_SECONDS.test(timestamp)) return { ok: false, status: 401, reason: `${TIMESTAMP} holds no unix seconds` };
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > SIGNATURE_TOLERANCE_MS) {
    return {
      ok: false,
      status: 401,
      reason: `${TIMESTAMP} is more than ${SIGNATURE_TOLERANCE_MS / 1_000} s off our clock`,
    };
  }
  const given = request.headers[SIGNATURE] ?? "";
  if (!equal(given, signature(request.body, secret, timestamp))) {
    return { ok: false, status: 401, reason: `${SIGNATURE} does not match the body` };
  }
  return { ok: true };
}

function signature(body: string | Uint8Array, secret: string, timestamp: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`;
}

/** Compares in constant time, whatever the lengths. */
function equal(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
