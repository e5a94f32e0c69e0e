import type { ChannelAdapter } from "../../src/channel/adapter.ts";
import type { StoredInbound, Verdict, WebhookResponse } from "../../src/channel/inbound.ts";
import { capabilities } from "./capabilities.ts";
import { type PlaygroundConfig, playgroundConfig } from "./config.ts";
import { connect } from "./connect.ts";
import { encode, type PlaygroundBody } from "./encode.ts";
import { parse } from "./parse.ts";
import { reach } from "./reach.ts";
import { verify } from "./verify.ts";

/** The reference adapter. Its platform is the playground page of our own server. */
export const playground: ChannelAdapter<PlaygroundConfig, PlaygroundBody> = {
  name: "playground",
  config: playgroundConfig,
  capabilities,
  measure: (text) => text.length,
  webhook: { verify, respond },
  parse,
  encode,
  reach,
  connect,
};

function respond(verdict: Verdict, stored: readonly StoredInbound[]): WebhookResponse {
  const contentType = "application/json";
  if (verdict.ok) return { status: 200, contentType, body: JSON.stringify({ stored }) };
  return { status: verdict.status, contentType, body: JSON.stringify({ error: verdict.reason }) };
}
