import { z } from "zod";
import type { RawRequest, StoredInbound, Verdict, WebhookResponse } from "../../../src/adapter/inbound.ts";
import { jsonOf } from "./json.ts";

const Challenge = z.object({ type: z.literal("url_verification"), challenge: z.string() });

/**
 * An empty 200: what Slack takes in place of it (a body) is shown to people, and is for the desk's front. When the URL is
 * entered in the app's settings, Slack asks for its challenge back (docs.slack.dev, "url_verification").
 */
export function respond(verdict: Verdict, _stored: readonly StoredInbound[], request?: RawRequest): WebhookResponse {
  if (!verdict.ok) return { status: verdict.status, contentType: "text/plain", body: verdict.reason };
  const asked = Challenge.safeParse(request === undefined ? undefined : jsonOf(request.body));
  if (!asked.success) return { status: 200, contentType: "text/plain", body: "" };
  const { challenge } = asked.data;
  return { status: 200, contentType: "application/json", body: JSON.stringify({ challenge }) };
}
