import type { Address, ThreadId } from "../../src/domain/ids.ts";
import { toNormalForm } from "../../src/domain/normal-form.ts";
import { E164 } from "../twilio/config.ts";
import type { SmsConfig } from "./config.ts";
import { customerAddress, pairThread } from "./ids.ts";

/** Characters in written numbers: spaces, dots, dashes, slashes, brackets, and format characters of a copied contact. */
const SETTING = /[\s\p{Pd}\p{Cf}./()[\]]/gu;
/** "+44 (0)20 …": the zero is for domestic calls only. */
const TRUNK_ZERO = /\(0\)/g;

/** Resolves a written number with its country code to its thread with our sender; null if it is not such a number. */
export function resolveRecipient(to: string, config: SmsConfig): { thread: ThreadId; address: Address } | null {
  const customer = toNormalForm(to, "NFKC").replace(TRUNK_ZERO, "").replace(SETTING, "");
  const ours = config.messaging_service_sid ?? config.from;
  // Twilio sends nothing from a number to itself (error 21266).
  if (!E164.test(customer) || ours === undefined || customer === ours) return null;
  return { thread: pairThread({ ours, customer }), address: customerAddress(customer) };
}
