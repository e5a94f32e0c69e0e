import type { Capabilities } from "../../src/channel/capabilities.ts";
import { SMS_RESERVED_WORDS } from "../../src/channel/reserved-words.ts";
import { MAX_LABEL_CHARACTERS, MAX_OPTIONS, MAX_PART_SEPTETS, QUIET_MS } from "./limits.ts";

/** SMS shows text and nothing else. Receipts need a webhook that Twilio can reach. */
export const capabilities: Capabilities = {
  text: { max: MAX_PART_SEPTETS, unit: "septets" },
  options: { support: "fallback", max: MAX_OPTIONS, maxLabel: MAX_LABEL_CHARACTERS },
  reservedWords: SMS_RESERVED_WORDS,
  attachments: { support: "dropped", maxBytes: 0 },
  edit: "rejected",
  hint: "dropped",
  typing: "dropped",
  reconcile: "dropped",
  receipts: "native",
  quietMs: QUIET_MS,
};
