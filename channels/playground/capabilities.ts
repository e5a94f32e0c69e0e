import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { RESERVED_WORDS } from "../../src/adapter/carrier-words.ts";
import type { PlaygroundConfig } from "./config.ts";

/** Characters that a page comfortably shows at once; there is no other limit. */
const MAX_PAGE_CHARACTERS = 4_000;
/** Our own limit: more options become numbered lines. */
const MAX_BUTTONS = 12;
/** Longer labels break over three lines of a button. */
const MAX_BUTTON_CHARACTERS = 80;

/** Two segments of GSM-7 (3GPP TS 23.040: 153 septets each): prompts are split early, as over a cheap SMS line. */
const MAX_SMS_CHARACTERS = 306;
/** One digit each, 0 being a person. */
const MAX_SMS_OPTIONS = 9;
const MAX_SMS_LABEL_CHARACTERS = 24;
/** Short, because a page shows at once that somebody types on. */
const QUIET_MS = { buttons: 500, sms: 2_000 };

export function capabilities({ look }: PlaygroundConfig): Capabilities {
  const shared = {
    attachments: { support: "dropped", maxBytes: 0 },
    edit: "dropped",
    hint: "dropped",
    typing: "dropped",
    reconcile: "native",
    receipts: "dropped",
    quietMs: QUIET_MS[look],
  } as const;
  switch (look) {
    case "buttons":
      return {
        ...shared,
        text: { max: MAX_PAGE_CHARACTERS, unit: "characters" },
        options: { support: "native", max: MAX_BUTTONS, maxLabel: MAX_BUTTON_CHARACTERS },
        reservedWords: [],
      };
    case "sms":
      return {
        ...shared,
        text: { max: MAX_SMS_CHARACTERS, unit: "characters" },
        options: { support: "fallback", max: MAX_SMS_OPTIONS, maxLabel: MAX_SMS_LABEL_CHARACTERS },
        // This look behaves like a carrier.
        reservedWords: RESERVED_WORDS,
      };
  }
}
