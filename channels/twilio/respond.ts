import type { Verdict, WebhookResponse } from "../../src/adapter/inbound.ts";

/**
 * Answers with an empty TwiML document, never with a reply: replies go through the REST API, where they get an id and
 * receipts. Twilio logs error 12300 for any other media type. A refusal has its reason in plain text.
 */
export function respond(verdict: Verdict): WebhookResponse {
  if (verdict.ok) return { status: 200, contentType: "text/xml", body: "<Response/>" };
  return { status: verdict.status, contentType: "text/plain", body: verdict.reason };
}
