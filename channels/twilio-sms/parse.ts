import { type CarrierWord, carrierWord } from "../../src/adapter/carrier-words.ts";
import type { Inbound, RawInbound } from "../../src/adapter/inbound.ts";
import { remoteId } from "../../src/domain/ids.ts";
import type { Attachment } from "../../src/domain/message.ts";
import { toNormalForm } from "../../src/domain/normal-form.ts";
import { E164 } from "../twilio/config.ts";
import { saysOptedOut } from "../twilio/error-codes.ts";
import { type Form, field, parseForm } from "../twilio/form.ts";
import { deliveryStatus } from "../twilio/status.ts";
import { keyOf } from "./callback-key.ts";
import type { SmsConfig } from "./config.ts";
import { customerAddress, isMessageId, isParty, pairThread } from "./ids.ts";
import { MAX_BODY_CHARACTERS } from "./limits.ts";
import { isReaction } from "./reaction.ts";

/** Layout file that almost every MMS has; it is never content. */
const LAYOUT = "application/smil";
/** Names of media fields, without leading zeros, so that a number has one name only. */
const MEDIA_URL = /^MediaUrl(0|[1-9]\d?)$/;

/**
 * Parses a webhook of Twilio: an inbound text, or a status callback
 * (https://www.twilio.com/docs/messaging/guides/webhook-request). Total over any bytes.
 */
export function parse(raw: RawInbound, config: SmsConfig): Inbound[] {
  const form = parseForm(raw.body);
  // SmsMessageSid and SmsSid are Twilio's old names, sent with the new one.
  const sid = field(form, "MessageSid") ?? field(form, "SmsMessageSid") ?? field(form, "SmsSid");
  if (sid === undefined) return [{ kind: "ignored", dedupeKeys: [], externalId: "", reason: "not_a_message" }];
  if (!isMessageId(sid)) return [{ kind: "ignored", dedupeKeys: [], externalId: "", reason: "bad_message_sid" }];
  const status = field(form, "MessageStatus");
  return [status === undefined ? inboundText(form, sid, config) : receipt(form, sid, { status, url: raw.url })];
}

function receipt(form: Form, sid: string, reported: { status: string; url: string | undefined }): Inbound {
  const status = deliveryStatus(reported.status);
  if (status === undefined) return ignored(sid, "unknown_status");
  const code = field(form, "ErrorCode");
  const key = keyOf(reported.url);
  return {
    kind: "receipt",
    dedupeKeys: [`${sid}:${reported.status}`],
    externalId: sid,
    message: remoteId(sid),
    ...(key === null ? {} : { key }),
    status,
    ...(code && code !== "0" ? { code } : {}),
    ...(saysOptedOut(code) ? { optedOut: true } : {}),
  };
}

function inboundText(form: Form, sid: string, config: SmsConfig): Inbound {
  const customer = field(form, "From") ?? "";
  const to = field(form, "To") ?? config.from ?? "";
  // With a service, its id is our side: a customer keeps one thread although the service's numbers change.
  const ours = config.messaging_service_sid ?? to;
  if (customer.includes(":") || to.includes(":")) return ignored(sid, "other_channel");
  if (!isParty(customer)) return ignored(sid, "bad_sender");
  if (!isParty(ours)) return ignored(sid, "bad_recipient");
  const text = toNormalForm(field(form, "Body") ?? "", "NFC");
  if (isReaction(text)) return ignored(sid, "reaction");
  const { attachments, flags } = media(form);
  if (isTruncated(field(form, "Body") ?? "")) flags.push("truncated");
  const fields = {
    dedupeKeys: [sid],
    externalId: sid,
    thread: pairThread({ ours, customer }),
    from: customerAddress(customer),
    ...(E164.test(customer) ? { profile: { phone: customer } } : {}),
    // A sender's number can be forged, and may be reassigned to somebody else.
    trust: "asserted",
    text,
    attachments,
    ...(flags.length > 0 ? { flags } : {}),
  } as const;
  const word = keyword(form, text);
  return word === null ? { kind: "message", ...fields } : { kind: word, ...fields, ours: to || ours };
}

/**
 * Returns the action that Twilio took on a text. With Advanced Opt-Out it reports the action, for any word; else it acts on
 * its default words (https://help.twilio.com/articles/223134027).
 */
function keyword(form: Form, text: string): CarrierWord | null {
  return OPT_OUT_TYPES.get(field(form, "OptOutType")?.toUpperCase() ?? "") ?? carrierWord(text);
}

const OPT_OUT_TYPES: ReadonlyMap<string, CarrierWord> = new Map([
  ["STOP", "opt_out"],
  ["START", "opt_in"],
  ["HELP", "help"],
]);

/** True when Twilio may have cut a text, silently, at 1,600 characters; it is not documented how it counts astral ones. */
function isTruncated(body: string): boolean {
  return (
    body.length === MAX_BODY_CHARACTERS ||
    (body.length > MAX_BODY_CHARACTERS && Array.from(body).length >= MAX_BODY_CHARACTERS)
  );
}

/** Reads every file, under any number: Twilio's count has been wrong, and its numbers have had gaps. */
function media(form: Form): { attachments: Attachment[]; flags: string[] } {
  const attachments: Attachment[] = [];
  const flags: string[] = [];
  const numbers = [...form.keys()].flatMap((name) => MEDIA_URL.exec(name)?.[1] ?? []).map(Number);
  let listed = 0;
  for (const at of numbers.toSorted((one, other) => one - other)) {
    const mediaType = field(form, `MediaContentType${at}`);
    for (const ref of form.get(`MediaUrl${at}`) ?? []) {
      if (ref === "") continue;
      listed++;
      if (mediaType?.toLowerCase() === LAYOUT) flags.push("layout_dropped");
      else attachments.push({ ref, ...(mediaType ? { mediaType } : {}) });
    }
  }
  const expected = Math.max(Number(field(form, "NumMedia") ?? 0) || 0, ...numbers.map((at) => at + 1));
  if (expected > listed) flags.push("media_missing");
  return { attachments, flags };
}

const ignored = (sid: string, reason: string): Inbound => ({
  kind: "ignored",
  dedupeKeys: [sid],
  externalId: sid,
  reason,
});
