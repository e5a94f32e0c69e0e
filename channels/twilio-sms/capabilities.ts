import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { RESERVED_WORDS } from "../../src/adapter/carrier-words.ts";
import type { SmsConfig } from "./config.ts";
import { MAX_LABEL_CHARACTERS, MAX_MMS_BYTES, MAX_OPTIONS, MAX_PART_SEPTETS, QUIET_MS } from "./limits.ts";

/** SMS shows text, and MMS one file at a time. Receipts and files need an address of ours that Twilio can reach. */
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

/** Elsewhere than in the USA and Canada Twilio has no MMS; which numbers a service holds is not known here. */
const carriesMedia = ({ media, from }: SmsConfig): boolean => media ?? from?.startsWith("+1") ?? false;
