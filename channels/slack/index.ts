import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import { capabilities } from "./capabilities.ts";
import { type SlackConfig, slackConfig } from "./config.ts";
import { listen } from "./inbound/listen.ts";
import { parse } from "./inbound/parse.ts";
import { respond } from "./inbound/respond.ts";
import { MAX_BODY_BYTES, SIGNATURE, verify } from "./inbound/verify.ts";
import type { SlackBody } from "./outbound/body.ts";
import { connect } from "./outbound/connect.ts";
import { encode } from "./outbound/encode.ts";
import { escapedLength } from "./outbound/escape.ts";
import { setup } from "./setup/setup.ts";

/** The Slack adapter: customers in channels, direct messages and shared channels; it can also be the desk. */
export const slack: ChannelAdapter<SlackConfig, SlackBody> = {
  name: "slack",
  config: slackConfig,
  capabilities,
  measure: escapedLength,
  webhook: { maxBytes: MAX_BODY_BYTES, signatureHeader: SIGNATURE, verify, respond },
  parse,
  encode,
  connect,
  listen,
  setup,
};
