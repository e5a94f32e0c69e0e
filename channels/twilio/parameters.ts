/**
 * Holds the parameters of a signed form against what Twilio sends.
 *
 * Twilio's signature covers names and values one behind the other, with nothing between them. One signed text can
 * therefore be cut into parameters in several ways: what a customer writes ("…From+15550100MessageSidSM…") could come back
 * as parameters of its own. Each known value has a form in which it ends where its parameter does, and no value may hold
 * what reads as another parameter.
 */
import type { Form } from "./form.ts";

/** Our own: Twilio's longest name has 28 characters. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const SID = "(?:SM|MM)[0-9a-fA-F]{32}";
const STATUS = "(?:accepted|scheduled|queued|sending|sent|delivered|read|undelivered|failed|canceled|receiv)";
/** A number, long or short, as Twilio writes both. */
const NUMBER = "\\+?\\d{1,20}";
/** A carrier takes 11 characters (3GPP TS 23.040, 9.1.2.5); some are generous. */
const SENDER_NAME = "(?=.*\\p{L})[^\\p{Cc}:+]{1,20}";
/** "whatsapp:+15550100", "sip:name@host". */
const OF_CHANNEL = "[a-z]{2,20}:[^\\p{Cc}]{1,128}";

const whole = (form: string): RegExp => new RegExp(`^(?:${form})?$`, "u");
const address = whole(`${NUMBER}|${SENDER_NAME}|${OF_CHANNEL}`);
const sid = whole(SID);
const media = /^https?:\/\/[\x21-\x7e]+$/;

/** The form of each value that decides what a webhook means. Empty is no cut, and is judged by whoever reads it. */
const FORMS: ReadonlyMap<string, RegExp> = new Map([
  ["MessageSid", sid],
  ["SmsSid", sid],
  ["SmsMessageSid", sid],
  ["AccountSid", whole("AC[0-9a-fA-F]{32}")],
  ["MessagingServiceSid", whole("MG[0-9a-fA-F]{32}")],
  ["From", address],
  ["To", address],
  ["NumMedia", whole("\\d{1,3}")],
  ["NumSegments", whole("\\d{1,3}")],
  ["ErrorCode", whole("\\d{1,6}")],
  ["MessageStatus", whole("[a-z_]{1,32}")],
  ["SmsStatus", whole("[a-z_]{1,32}")],
]);

const PARAMETER_WITH_SID = `(?:MessageSid|SmsSid|SmsMessageSid)${SID}`;
/** What a customer may not have written: nobody types it, and with it a text could be cut into a message of another. */
const IN_BODY = new RegExp(PARAMETER_WITH_SID);
/** What no other value may hold. */
const IN_VALUES = new RegExp(
  `${PARAMETER_WITH_SID}|AccountSidAC[0-9a-fA-F]{32}|(?:From|To)(?:[a-z]{2,20}:)?\\+?\\d{5}|NumMedia\\d|MessageStatus${STATUS}`,
);

/** Why the parameters are none that Twilio sent, in one sentence without any value; null: nothing is against them. */
export function parameterFault(form: Form): string | null {
  for (const [name, values] of form) {
    if (!NAME.test(name)) return "A parameter's name has characters that Twilio uses in none";
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
