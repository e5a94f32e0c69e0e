/**
 * Meanings of Twilio's error codes for a message, as data: Twilio asks not to hard-code logic on them, because they change
 * (changelog of 2024-07-10). An unknown code is final for its message, whose error links to Twilio's page.
 */

/** Treatment of an error code; `retryOf` has the delays. */
export type ErrorClass =
  /** The platform or a carrier is busy: the same message will succeed shortly. */
  | "busy"
  /** A daily allowance is used up. */
  | "tomorrow"
  /** The phone could not be reached: worth one more try in a few hours. */
  | "unreachable"
  /** The recipient opted out: nothing reaches them until they opt in again. */
  | "opted_out"
  /** This number can't receive messages. */
  | "suppress"
  /** This text was refused; sending it again makes things worse. */
  | "content"
  /** Only an approved template may be sent now. */
  | "template"
  /** An admin has to fix something: account, number, permission, parameter. */
  | "configuration";

export interface ErrorCode {
  class: ErrorClass;
  means: string;
  /** Source of the meaning: Twilio's documentation, or third parties (not confirmed by Twilio). */
  source: "documentation" | "third-party";
}

const code = (kind: ErrorClass, means: string, source: ErrorCode["source"] = "third-party"): ErrorCode => ({
  class: kind,
  means,
  source,
});

/** https://www.twilio.com/docs/api/errors */
export const ERROR_CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [20429, code("busy", "too many requests at once", "documentation")],
  [21611, code("busy", "the sender's queue is full", "documentation")],
  [30001, code("busy", "the queue overflowed")],
  [30017, code("busy", "the carrier's network is congested")],
  [30022, code("busy", "the carrier's rate is exceeded")],
  [63017, code("busy", "the account's messages per second are exceeded", "documentation")],
  [63018, code("busy", "the channel's rate limit is reached", "documentation")],
  [30023, code("tomorrow", "the carrier's daily limit is reached")],
  [30027, code("tomorrow", "the carrier's daily limit for the brand is reached")],
  [63038, code("tomorrow", "the account's daily limit is reached", "documentation")],
  [30003, code("unreachable", "the handset is unreachable")],
  [30008, code("unreachable", "the carrier gave no reason")],
  [30009, code("unreachable", "a segment is missing")],
  [30410, code("unreachable", "the provider timed out")],
  [21211, code("suppress", "the recipient's number is invalid", "documentation")],
  [21610, code("opted_out", "the recipient has opted out", "documentation")],
  [21612, code("suppress", "the recipient can't be reached from this sender")],
  [21614, code("suppress", "the recipient's number can't receive SMS")],
  [30004, code("suppress", "the recipient or the carrier blocks the sender")],
  [30005, code("suppress", "the handset is unknown")],
  [30006, code("suppress", "the number is a landline")],
  [63003, code("suppress", "the channel does not know the recipient", "documentation")],
  [63024, code("suppress", "the recipient is not on WhatsApp", "documentation")],
  [30007, code("content", "the carrier filtered the message")],
  [30032, code("content", "the toll-free number is not verified")],
  [30034, code("content", "the number is not registered for A2P 10DLC")],
  [63013, code("content", "the channel's policy forbids the message")],
  [63021, code("content", "the channel finds the content invalid")],
  [63032, code("content", "Meta limits messages to this user", "documentation")],
  [63049, code("content", "Meta chose not to deliver the message")],
  [11751, code("content", "the files are larger than 5 MB together", "documentation")],
  [21623, code("content", "there are more than ten files", "documentation")],
  [30011, code("content", "the recipient's phone or region takes no MMS", "documentation")],
  [30019, code("content", "the file is larger than the recipient's carrier takes")],
  [63016, code("template", "outside the 24-hour window only a template may be sent", "documentation")],
  [11200, code("configuration", "the file could not be fetched from PUBLIC_URL")],
  [12300, code("configuration", "the media type is not supported")],
  [20003, code("configuration", "the account SID or the auth token is wrong")],
  [21212, code("configuration", "the sender's number is invalid")],
  [21408, code("configuration", "the account has no permission for the recipient's country")],
  [21606, code("configuration", "the sender does not belong to the account or can't send this")],
  [21608, code("configuration", "a trial account may write to verified numbers only")],
  [21617, code("configuration", "the body is longer than 1,600 characters", "documentation")],
  [21620, code("configuration", "a media URL is invalid")],
  [21658, code("configuration", "the body is longer than 1,600 characters", "documentation")],
  [63007, code("configuration", "the account has no such channel sender")],
  [63015, code("configuration", "the recipient has not joined the sandbox")],
  [63019, code("configuration", "the media could not be fetched")],
  [63027, code("configuration", "the template does not exist in this language")],
  [63028, code("configuration", "the template's variables do not match")],
  [63051, code("configuration", "the WhatsApp Business account is locked")],
]);

const BUSY_RETRY_MS = 5_000;
const UNREACHABLE_RETRY_MS = 2 * 60 * 60_000;
const TOMORROW_RETRY_MS = 24 * 60 * 60_000;

/** Returns the delay before a retry; only the first three classes have one, because only there it can help. */
export function retryOf(kind: ErrorClass): { afterMs: number } | "never" {
  switch (kind) {
    case "busy":
      return { afterMs: BUSY_RETRY_MS };
    case "tomorrow":
      return { afterMs: TOMORROW_RETRY_MS };
    case "unreachable":
      return { afterMs: UNREACHABLE_RETRY_MS };
    case "opted_out":
    case "suppress":
    case "content":
    case "template":
    case "configuration":
      return "never";
  }
}

/** True when a code from Twilio means that the recipient has opted out. */
export const saysOptedOut = (code: string | undefined): boolean => ERROR_CODES.get(Number(code))?.class === "opted_out";
