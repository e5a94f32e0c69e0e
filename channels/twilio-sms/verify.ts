import type { RawRequest, Verdict } from "../../src/adapter/inbound.ts";
import { authTokens } from "../twilio/config.ts";
import { verifyTwilio } from "../twilio/signature.ts";
import type { SmsConfig } from "./config.ts";

/** Verifies a webhook. Twilio signs no time, so a replay is dropped by its MessageSid instead. */
export const verify = (request: RawRequest, config: SmsConfig): Verdict =>
  verifyTwilio(request, {
    accountSid: config.account_sid,
    authTokens: authTokens(config),
    publicUrl: config.public_url,
  });
