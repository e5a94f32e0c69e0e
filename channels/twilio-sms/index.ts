import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import { respond } from "../twilio/respond.ts";
import { MAX_WEBHOOK_BYTES, SIGNATURE_HEADER } from "../twilio/signature.ts";
import { capabilities } from "./capabilities.ts";
import { type SmsConfig, smsConfig } from "./config.ts";
import { connect } from "./connect.ts";
import { encode, type SmsBody } from "./encode.ts";
import { parse } from "./parse.ts";
import { resolveRecipient } from "./recipient.ts";
import { septets } from "./septets.ts";
import { verify } from "./verify.ts";

/** SMS and MMS through Twilio's Programmable Messaging. */
export const twilioSms: ChannelAdapter<SmsConfig, SmsBody> = {
  name: "twilio-sms",
  config: smsConfig,
  capabilities,
  measure: septets,
  webhook: { maxBytes: MAX_WEBHOOK_BYTES, signatureHeader: SIGNATURE_HEADER, verify, respond },
  parse,
  encode,
  resolveRecipient,
  connect,
};
