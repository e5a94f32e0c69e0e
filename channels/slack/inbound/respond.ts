import { z } from "zod";
import type { RawRequest, StoredInbound, Verdict, WebhookResponse } from "../../../src/adapter/inbound.ts";
import { jsonOf } from "./json.ts";

const Challenge = z.object({ type: z.literal("url_verification"), challenge: z.string() });

/**
 * Answers with an empty 200: Slack would show a body to people, so only the desk's interactions send one. When the URL is
 * entered in the app's settings, Slack wants its challenge echoed (docs.slack.dev, "url_verification").
 */
export function respond(verdict: Verdict, _stored: readonly StoredInbound[], request?: RawRequest): WebhookResponse {
  if (!verdict.ok) return { status: verdict.status, contentType: "text/plain", body: verdict.reason };
  const challengeBody = Challenge.safeParse(request === undefined ? undefined : jsonOf(request.body));
  if (!challengeBody.success) return { status: 200, contentType: "text/plain", body: "" };
  const { challenge } = challengeBody.data;
  return { status: 200, contentType: "application/json", body: JSON.stringify({ challenge }) };
}
