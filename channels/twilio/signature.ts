import { timingSafeEqual } from "node:crypto";
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";
import type { RawRequest, Verdict } from "../../src/adapter/inbound.ts";
import { sha256 } from "../../src/lib/digest.ts";
import { type Form, isStrictForm, parseForm } from "./form.ts";
import { parameterFault } from "./parameters.ts";

/** Twilio caps no webhook; its longest (1,600 characters, ten media) is far below this. Early reject, channels of abuse. */
export const MAX_WEBHOOK_BYTES = 64 * 1024;

export const SIGNATURE_HEADER = "x-twilio-signature";

interface SignedFor {
  accountSid: string;
  /** Any of these may have signed: the primary token, and the previous one while it is being rotated. */
  authTokens: readonly string[];
  /** The webhook's URL as typed in Twilio's console, where it is not the one this server knows itself by. */
  publicUrl?: string | undefined;
}

/**
 * Whether Twilio sent this webhook: its signature is right, and its parameters can be cut in one way only. What is said of
 * parameters is said to whoever could sign them.
 */
export function verifyTwilio(request: RawRequest, signedFor: SignedFor): Verdict {
  const signed = verifySignature(request, signedFor);
  if (!signed.ok || isJson(request.contentType)) return signed;
  const fault = parameterFault(parseForm(request.body));
  return fault === null ? signed : refuse(403, fault);
}

/**
 * Whether Twilio sent these very bytes to this URL, for this account. Base64 HMAC-SHA1 over the URL and all fields in
 * order, or over the URL alone with the body's SHA-256 in its query (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 */
export function verifySignature(request: RawRequest, signedFor: SignedFor): Verdict {
  if (request.method !== "POST")
    return refuse(400, "Only POST is taken: set the webhook to HTTP POST in Twilio's console");
  if (request.body.byteLength > MAX_WEBHOOK_BYTES) return refuse(413, "The body is larger than any Twilio webhook");
  const signature = request.headers[SIGNATURE_HEADER];
  if (!signature) return refuse(403, "The X-Twilio-Signature header is missing");
  const urls = signedUrls(request.url, signedFor.publicUrl);
  if (isJson(request.contentType)) return verdict(signature, { urls, form: null, body: request.body, signedFor });
  if (!isStrictForm(request.body)) return refuse(403, "The body is not a form as Twilio encodes it");
  const form = parseForm(request.body);
  if (form.get("AccountSid")?.some((sid) => sid !== signedFor.accountSid)) {
    return refuse(403, "The AccountSid is not this channel's account");
  }
  return verdict(signature, { urls, form, body: request.body, signedFor });
}

interface Signed {
  urls: readonly string[];
  /** Null for a JSON webhook, whose fields are not signed: its hash is. */
  form: Form | null;
  body: Uint8Array;
  signedFor: SignedFor;
}

function verdict(signature: string, { urls, form, body, signedFor }: Signed): Verdict {
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
 * Where Twilio may have sent it, as it wrote it. The fragment carries connection overrides and does not reach a server;
 * whether it is signed is nowhere documented, so both are tried. The SDK itself tries with and without the port.
 */
function signedUrls(requestUrl: string, publicUrl: string | undefined): string[] {
  const [bare = ""] = requestUrl.split("#");
  if (!URL.canParse(bare)) return [];
  if (publicUrl === undefined) return requestUrl === bare ? [bare] : [bare, requestUrl];
  const [base = "", fragment] = publicUrl.split("#");
  // This server is asked at /channels/<channel>, with sub-paths (/status) and a query behind it.
  const rest = bare.slice(new URL(bare).origin.length).replace(/^\/channels\/[^/?]+/, "");
  const url = base + rest;
  return fragment === undefined ? [url] : [url, `${url}#${fragment}`];
}

function hashMatches(url: string, body: Uint8Array): boolean {
  const told = Buffer.from(new URL(url).searchParams.get("bodySHA256") ?? "");
  // Over the raw bytes: the SDK's own check decodes them first, and so takes two different bodies for the same.
  const found = Buffer.from(sha256(body));
  return told.length === found.length && timingSafeEqual(told, found);
}

const isJson = (contentType: string): boolean => /^application\/json\b/i.test(contentType.trim());

const refuse = (status: 400 | 403 | 413, reason: string): Verdict => ({ ok: false, status, reason });
