import { timingSafeEqual } from "node:crypto";
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";
import type { RawRequest, Verdict } from "../../src/adapter/inbound.ts";
import { sha256 } from "../../src/lib/digest.ts";
import { type Form, isStrictForm, parseForm } from "./form.ts";
import { parameterFault } from "./parameters.ts";

/** Twilio documents no limit; its longest webhook (1,600 characters, ten media) is far below this. */
export const MAX_WEBHOOK_BYTES = 64 * 1024;

export const SIGNATURE_HEADER = "x-twilio-signature";

interface SignedFor {
  accountSid: string;
  /** Accepted tokens: the primary one, and the previous one during a rotation. */
  authTokens: readonly string[];
  /** The webhook's URL as typed in Twilio's console, if it differs from this server's own. */
  publicUrl?: string | undefined;
}

/**
 * Checks that Twilio sent a webhook: its signature is right, and its parameters can be split in one way only. Faults of
 * parameters are reported only to a sender who could sign them.
 */
export function verifyTwilio(request: RawRequest, signedFor: SignedFor): Verdict {
  const signed = verifySignature(request, signedFor);
  if (!signed.ok || isJson(request.contentType)) return signed;
  const fault = parameterFault(parseForm(request.body));
  return fault === null ? signed : refuse(403, fault);
}

/**
 * Checks that Twilio sent exactly these bytes to this URL, for this account. Base64 HMAC-SHA1 over the URL and all fields in
 * order, or over the URL alone with the body's SHA-256 in its query (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 */
export function verifySignature(request: RawRequest, signedFor: SignedFor): Verdict {
  if (request.method !== "POST")
    return refuse(400, "Only POST is accepted: set the webhook to HTTP POST in Twilio's console");
  if (request.body.byteLength > MAX_WEBHOOK_BYTES) return refuse(413, "The body is larger than any Twilio webhook");
  const signature = request.headers[SIGNATURE_HEADER];
  if (!signature) return refuse(403, "The X-Twilio-Signature header is missing");
  const urls = signedUrls(request.url, signedFor.publicUrl);
  if (isJson(request.contentType))
    return checkSignature(signature, { urls, form: null, body: request.body, signedFor });
  if (!isStrictForm(request.body)) return refuse(403, "The body is not a form as Twilio encodes it");
  const form = parseForm(request.body);
  if (form.get("AccountSid")?.some((sid) => sid !== signedFor.accountSid)) {
    return refuse(403, "The AccountSid is not this channel's account");
  }
  return checkSignature(signature, { urls, form, body: request.body, signedFor });
}

interface Signed {
  urls: readonly string[];
  /** Null for a JSON webhook, whose fields are not signed: its hash is. */
  form: Form | null;
  body: Uint8Array;
  signedFor: SignedFor;
}

function checkSignature(signature: string, { urls, form, body, signedFor }: Signed): Verdict {
  const fields = form === null ? {} : Object.fromEntries(form);
  const genuine = signedFor.authTokens.some((token) =>
    urls.some((url) => validateRequest(token, signature, url, fields) && (form !== null || hashMatches(url, body))),
  );
  if (genuine) return { ok: true };
  return refuse(
    403,
    "The signature does not match: compare PUBLIC_URL with the URL in Twilio's console, and the auth token",
  );
}

/**
 * Returns the URLs that Twilio may have signed. The fragment carries connection overrides and does not reach a server; it
 * is not documented whether it is signed, so both are tried. The SDK itself tries with and without the port.
 */
function signedUrls(requestUrl: string, publicUrl: string | undefined): string[] {
  const [bare = ""] = requestUrl.split("#");
  if (!URL.canParse(bare)) return [];
  if (publicUrl === undefined) return requestUrl === bare ? [bare] : [bare, requestUrl];
  const [base = "", fragment] = publicUrl.split("#");
  // Requests come to /channels/<channel>, followed by sub-paths (/status) and a query.
  const rest = bare.slice(new URL(bare).origin.length).replace(/^\/channels\/[^/?]+/, "");
  const url = base + rest;
  return fragment === undefined ? [url] : [url, `${url}#${fragment}`];
}

function hashMatches(url: string, body: Uint8Array): boolean {
  const expected = Buffer.from(new URL(url).searchParams.get("bodySHA256") ?? "");
  // Hashes the raw bytes: the SDK's own check decodes them first, and so accepts two different bodies as equal.
  const actual = Buffer.from(sha256(body));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const isJson = (contentType: string): boolean => /^application\/json\b/i.test(contentType.trim());

const refuse = (status: 400 | 403 | 413, reason: string): Verdict => ({ ok: false, status, reason });
