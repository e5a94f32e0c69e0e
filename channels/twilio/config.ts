import { z } from "zod";

const secret = z
  .string({ error: "must be set: use env:NAME or file:/path" })
  .min(1, "is empty: set the environment variable or file that it names");

/** Keys of every Twilio channel in `frontdesk.yaml`; each channel adds its own and makes the schema strict. */
export const twilioConfig = {
  account_sid: z
    .string({ error: "must be set to the Account SID (AC…) from Twilio's console" })
    .regex(
      /^AC[0-9a-fA-F]{32}$/,
      "must be an Account SID: AC and 32 hexadecimal digits (an API key, SK…, can't sign webhooks)",
    ),
  auth_token: secret,
  /** Also accepted on webhooks, during a rotation. */
  previous_auth_token: secret.optional(),
  api_url: z
    .url({ protocol: /^https?$/, error: "must be an http or https URL, without the /2010-04-01 path" })
    .optional(),
  public_url: z
    .url({ protocol: /^https?$/, error: "must be the webhook's URL, as typed in Twilio's console" })
    .refine((url) => !url.includes("?"), "must have no query: Twilio's own query is added to it")
    .optional(),
};

/** Form of a number at Twilio (https://www.twilio.com/docs/glossary/what-e164). */
export const E164 = /^\+[1-9]\d{1,14}$/;

/** Returns the tokens whose signature is accepted, the current one first. */
export const authTokens = (config: { auth_token: string; previous_auth_token?: string | undefined }): string[] =>
  config.previous_auth_token === undefined ? [config.auth_token] : [config.auth_token, config.previous_auth_token];
