import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { RESERVED_WORDS } from "../../src/adapter/carrier-words.ts";
import type { SmsConfig } from "./config.ts";
import { MAX_LABEL_CHARACTERS, MAX_MMS_BYTES, MAX_OPTIONS, MAX_PART_SEPTETS, QUIET_MS } from "./limits.ts";

/** SMS carries text, and MMS one file per part. For receipts and files Twilio must be able to reach us. */
export const capabilities = (config: SmsConfig): Capabilities => ({
  text: { max: MAX_PART_SEPTETS, unit: "septets" },
  options: { support: "fallback", max: MAX_OPTIONS, maxLabel: MAX_LABEL_CHARACTERS },
  reservedWords: RESERVED_WORDS,
  attachments: carriesMedia(config)
    ? { support: "native", maxBytes: MAX_MMS_BYTES, byUrl: true }
    : { support: "fallback", maxBytes: 0 },
  edit: "rejected",
  hint: "dropped",
  typing: "dropped",
  reconcile: "dropped",
  receipts: "native",
  quietMs: QUIET_MS,
});

/** Twilio has MMS in the USA and Canada only; the numbers of a service are not known here. */
const carriesMedia = ({ media, from }: SmsConfig): boolean => media ?? from?.startsWith("+1") ?? false;
