import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import type { StoredInbound, Verdict, WebhookResponse } from "../../src/adapter/inbound.ts";
import { capabilities } from "./capabilities.ts";
import { type PlaygroundConfig, playgroundConfig } from "./config.ts";
import { connect } from "./connect.ts";
import { encode, type PlaygroundBody } from "./encode.ts";
import { MAX_BODY_BYTES } from "./limits.ts";
import { parse } from "./parse.ts";
import { resolveRecipient } from "./recipient.ts";
import { SIGNATURE, verify } from "./verify.ts";

/** The reference adapter. Its platform is the playground page of our own server. */
export const playground: ChannelAdapter<PlaygroundConfig, PlaygroundBody> = {
  name: "playground",
  config: playgroundConfig,
  capabilities,
  measure: (text) => text.length,
  webhook: { maxBytes: MAX_BODY_BYTES, signatureHeader: SIGNATURE, verify, respond },
  parse,
  encode,
  resolveRecipient,
  connect,
  ownPage: true,
};

function respond(verdict: Verdict, stored: readonly StoredInbound[]): WebhookResponse {
  const contentType = "application/json";
  if (verdict.ok) return { status: 200, contentType, body: JSON.stringify({ stored }) };
  return { status: verdict.status, contentType, body: JSON.stringify({ error: verdict.reason }) };
}
