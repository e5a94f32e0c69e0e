import type { FittedPart } from "../../src/channel/part.ts";
import { airText } from "./septets.ts";

/** What is stored until it is sent. The numbers come from the thread. */
export interface SmsBody {
  body: string;
}

/** Options are numbered lines of the text already: SMS shows none of its own. */
export const encode = (part: FittedPart): SmsBody => ({ body: airText(part.text) });
