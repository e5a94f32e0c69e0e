/** Twilio's webhooks: its forms (https://www.twilio.com/docs/messaging/guides/webhook-request), with its signature. */
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";

export interface InboundText {
  from: string;
  to: string;
  body: string;
  sid?: string;
  media?: readonly { url: string; type: string }[];
  /** More parameters, or replacements of the usual ones. */
  extra?: Readonly<Record<string, string>>;
  url?: string;
}

export interface StatusCallback {
  sid: string;
  status: string;
  errorCode?: number;
  url?: string;
}

/** A signed webhook, for tests that send it themselves. */
export interface SignedWebhook {
  url: string;
  headers: Record<string, string>;
  body: string;
}

type Form = Readonly<Record<string, string>>;

export function textForm(
  { from, to, body, sid, media = [], extra = {} }: InboundText & { sid: string },
  accountSid: string,
): Form {
  const ids = { MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, AccountSid: accountSid };
  const counts = { NumMedia: String(media.length), NumSegments: "1", SmsStatus: "received" };
  const form: Record<string, string> = { ...ids, From: from, To: to, Body: body, ...counts, ApiVersion: "2010-04-01" };
  for (const [n, item] of media.entries()) {
    form[`MediaUrl${n}`] = item.url;
    form[`MediaContentType${n}`] = item.type;
  }
  return { ...form, ...extra };
}

interface Parties {
  accountSid: string;
  to: string | undefined;
  from: string | undefined;
}

export function statusForm({ sid, status, errorCode }: StatusCallback, { accountSid, to, from }: Parties): Form {
  const failed = errorCode === undefined ? {} : { ErrorCode: String(errorCode) };
  const ids = {
    MessageSid: sid,
    SmsSid: sid,
    AccountSid: accountSid,
    To: to ?? "+15550199",
    From: from ?? "+15550100",
  };
  return { ...ids, MessageStatus: status, SmsStatus: status, ApiVersion: "2010-04-01", ...failed };
}

/** Signs a webhook. The fragment of a URL is for Twilio only: it is neither requested nor signed. */
export function signedWebhook(target: string, { form, authToken }: { form: Form; authToken: string }): SignedWebhook {
  const [url = ""] = target.split("#");
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": getExpectedTwilioSignature(authToken, url, form),
    "i-twilio-idempotency-token": crypto.randomUUID(),
  };
  return { url, headers, body: new URLSearchParams(form).toString() };
}

export const post = ({ url, headers, body }: SignedWebhook): Promise<Response> =>
  fetch(url, { method: "POST", headers, body });
