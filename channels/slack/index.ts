import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import { attend } from "./attend.ts";
import type { SlackBody } from "./body.ts";
import { capabilities } from "./capabilities.ts";
import { type SlackConfig, slackConfig } from "./config.ts";
import { connect } from "./connect.ts";
import { encode } from "./encode.ts";
import { escapedLength } from "./escape.ts";
import { parse } from "./parse.ts";
import { respond } from "./respond.ts";
import { setup } from "./setup.ts";
import { MAX_BODY_BYTES, SIGNATURE, verify } from "./verify.ts";

/** Slack: customers in channels, direct messages and shared channels; also where the desk may be. */
export const slack: ChannelAdapter<SlackConfig, SlackBody> = {
  name: "slack",
  config: slackConfig,
  capabilities,
  measure: escapedLength,
  webhook: { maxBytes: MAX_BODY_BYTES, signatureHeader: SIGNATURE, verify, respond },
  parse,
  encode,
  connect,
  attend,
  setup,
};
