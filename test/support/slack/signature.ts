/** Slack's v0 signature (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
import { createHmac } from "node:crypto";

/** Returns the two headers for this body, signed `offsetS` seconds from now. */
export function signed(secret: string, body: string, offsetS = 0): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) + offsetS);
  const hash = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${hash}` };
}
