import { type Address, address, type ThreadId, threadId } from "../../src/domain/ids.ts";
import { MAX_ID_CHARACTERS } from "./limits.ts";

/** An SMS thread is a pair: our number, or the Messaging Service that picks one, and the customer's number. */
export interface NumberPair {
  ours: string;
  customer: string;
}

// No colon: it separates the pair, and Twilio puts another channel's name before it ("whatsapp:+1…").
const PARTY = new RegExp(`^[^\\s:](?:[^:\\p{Cc}]{0,${MAX_ID_CHARACTERS - 2}}[^\\s:])?$`, "u");
export const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/;
const MESSAGE_ID = new RegExp(`^[0-9A-Za-z_-]{1,${MAX_ID_CHARACTERS}}$`);

/** True when a thread's own side is a Messaging Service rather than a number. */
export const isService = (ours: string): boolean => MESSAGING_SERVICE.test(ours);

/** True of an E.164 number, a short code or an alphanumeric sender. */
export const isParty = (text: string): boolean => PARTY.test(text);
export const isMessageId = (text: string): boolean => MESSAGE_ID.test(text);

export const customerAddress = (customer: string): Address => address(customer);

export const pairThread = ({ ours, customer }: NumberPair): ThreadId => threadId(`${ours}:${customer}`);

/** Splits a thread into its numbers. Throws on a thread that `pairThread` did not make, which is a bug. */
export function threadPair(thread: ThreadId): NumberPair {
  const [ours, customer, ...rest] = thread.split(":");
  if (!ours || !customer || rest.length > 0) throw new Error(`"${thread}" is not an SMS thread`);
  return { ours, customer };
}
