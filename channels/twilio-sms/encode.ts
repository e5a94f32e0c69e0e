import type { FittedPart } from "../../src/adapter/part.ts";
import { airText } from "./septets.ts";

/** A part as stored until it is sent. The numbers come from the thread. */
export type SmsBody = { body: string } | { mediaUrl: string };

/** Encodes a part. Options are already numbered lines of the text. A file is an MMS without text. */
export function encode(part: FittedPart): SmsBody {
  if (part.file === undefined) return { body: airText(part.text) };
  if (part.file.url === null) throw new Error("Twilio fetches files by URL, and there is none; set PUBLIC_URL");
  return { mediaUrl: part.file.url };
}
