import { createHmac, timingSafeEqual } from "node:crypto";
import type { RawRequest, Verdict } from "../../../src/adapter/inbound.ts";
import type { SlackConfig } from "../config.ts";

/** Slack documents no limit; its events are far smaller, and a long dialog or message stays below half of this. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Tolerance of the signed time (docs.slack.dev, "verifying requests from Slack"). */
export const SIGNATURE_TOLERANCE_MS = 300_000;

export const SIGNATURE = "x-slack-signature";
const TIMESTAMP = "x-slack-request-timestamp";
/** Ten digits until the year 2286. */
const UNIX_SECONDS = /^\d{1,12}$/;

/**
 * Verifies Slack's signature, v0: HMAC-SHA256 over `v0:<time>:<body>` (docs.slack.dev, "verifying requests from Slack"). A
 * time in the future is refused too: such a request would stay valid for longer.
 */
export function verify(request: RawRequest, config: SlackConfig, now: Date): Verdict {
  if (request.body.byteLength > MAX_BODY_BYTES) {
    return { ok: false, status: 413, reason: `the body is longer than ${MAX_BODY_BYTES} bytes` };
  }
  const secrets = [config.signing_secret ?? []].flat();
  if (secrets.length === 0) {
    return refused("this channel uses Socket Mode; to take webhooks too, set signing_secret (Basic Information)");
  }
  const time = request.headers[TIMESTAMP] ?? "";
  if (!UNIX_SECONDS.test(time)) return refused(`${TIMESTAMP} holds no unix seconds`);
  if (Math.abs(now.getTime() - Number(time) * 1_000) > SIGNATURE_TOLERANCE_MS) {
    return refused(`${TIMESTAMP} is more than ${SIGNATURE_TOLERANCE_MS / 1_000} s off our clock`);
  }
  const given = request.headers[SIGNATURE] ?? "";
  // Tries every secret, so that the time taken does not reveal which one matched.
  const matches = secrets.filter((secret) => equal(given, signature(request.body, secret, time)));
  return matches.length > 0 ? { ok: true } : refused(`${SIGNATURE} does not match the body; check signing_secret`);
}

const refused = (reason: string): Verdict => ({ ok: false, status: 401, reason });

const signature = (body: Uint8Array, secret: string, time: string): string =>
  `v0=${createHmac("sha256", secret).update(`v0:${time}:`).update(body).digest("hex")}`;

/** Compares in constant time, whatever the lengths. */
function equal(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
