/**
 * Checks that the parameters of a signed form are as Twilio sends them.
 *
 * Twilio's signature covers names and values one after the other, without separators. One signed text can therefore be
 * split into parameters in several ways: a customer's text ("…From+15550100MessageSidSM…") could be replayed as parameters.
 * So each known value must have a form that ends where its parameter does, and no value may contain text that reads as
 * another parameter.
 */
import type { Form } from "./form.ts";

/** Our own limit: Twilio's longest name has 28 characters. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const SID = "(?:SM|MM)[0-9a-fA-F]{32}";
const STATUS = "(?:accepted|scheduled|queued|sending|sent|delivered|read|undelivered|failed|canceled|receiv)";
/** A long or short number. */
const NUMBER = "\\+?\\d{1,20}";
/** An alphanumeric sender: carriers take 11 characters (3GPP TS 23.040, 9.1.2.5), some more. */
const SENDER_NAME = "(?=.*\\p{L})[^\\p{Cc}:+]{1,20}";
/** "whatsapp:+15550100", "sip:name@host". */
const OF_CHANNEL = "[a-z]{2,20}:[^\\p{Cc}]{1,128}";

const exactly = (form: string): RegExp => new RegExp(`^(?:${form})?$`, "u");
const address = exactly(`${NUMBER}|${SENDER_NAME}|${OF_CHANNEL}`);
const sid = exactly(SID);
const media = /^https?:\/\/[\x21-\x7e]+$/;

/** Forms of the values that decide the meaning of a webhook. An empty value can't be split, and its reader judges it. */
const FORMS: ReadonlyMap<string, RegExp> = new Map([
  ["MessageSid", sid],
  ["SmsSid", sid],
  ["SmsMessageSid", sid],
  ["AccountSid", exactly("AC[0-9a-fA-F]{32}")],
  ["MessagingServiceSid", exactly("MG[0-9a-fA-F]{32}")],
  ["From", address],
  ["To", address],
  ["NumMedia", exactly("\\d{1,3}")],
  ["NumSegments", exactly("\\d{1,3}")],
  ["ErrorCode", exactly("\\d{1,6}")],
  ["MessageStatus", exactly("[a-z_]{1,32}")],
  ["SmsStatus", exactly("[a-z_]{1,32}")],
]);

const PARAMETER_WITH_SID = `(?:MessageSid|SmsSid|SmsMessageSid)${SID}`;
/** Forbidden in a customer's text: nobody types it, and it could be split off as somebody else's message. */
const IN_BODY = new RegExp(PARAMETER_WITH_SID);
/** Forbidden in every other value. */
const IN_VALUES = new RegExp(
  `${PARAMETER_WITH_SID}|AccountSidAC[0-9a-fA-F]{32}|(?:From|To)(?:[a-z]{2,20}:)?\\+?\\d{5}|NumMedia\\d|MessageStatus${STATUS}`,
);

/** Returns why the parameters can't be from Twilio, in one sentence without any value; null: no objection. */
export function parameterFault(form: Form): string | null {
  for (const [name, values] of form) {
    if (!NAME.test(name)) return "A parameter's name has characters that Twilio never uses";
    const [value = "", ...more] = values;
    if (more.length > 0) return `The parameter ${name} is there more than once`;
    const wanted = /^MediaUrl\d+$/.test(name) ? media : FORMS.get(name);
    if (wanted !== undefined && !wanted.test(value))
      return `The parameter ${name} has a form that Twilio does not give it`;
    if ((name === "Body" ? IN_BODY : IN_VALUES).test(value) || IN_VALUES.test(name))
      return `The parameter ${name} holds what reads as other parameters, so the signature may be another request's`;
  }
  // "Bodyhel" with the value "lo" is signed like "Body" with "hello".
  if (!form.has("Body") && [...form.keys()].some((name) => name.startsWith("Body")))
    return "The parameter Body is missing, and another begins like it";
  return null;
}
