import type { RawRequest, Verdict } from "../../src/adapter/inbound.ts";
import { authTokens } from "../twilio/config.ts";
import { verifyTwilio } from "../twilio/signature.ts";
import type { SmsConfig } from "./config.ts";

/** Twilio signs no time, so there is none to check; a replay is dropped by its MessageSid. */
export const verify = (request: RawRequest, config: SmsConfig): Verdict =>
  verifyTwilio(request, {
    accountSid: config.account_sid,
    authTokens: authTokens(config),
    publicUrl: config.public_url,
  });
