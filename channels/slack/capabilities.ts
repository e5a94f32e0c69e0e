import type { Capabilities } from "../../src/adapter/capabilities.ts";
import {
  MAX_FILE_BYTES,
  MAX_LABEL_CHARACTERS,
  MAX_MARKDOWN_PART_CHARACTERS,
  MAX_PART_CHARACTERS,
  MAX_SELECT_OPTIONS,
  MAX_SELECTS,
  QUIET_MS,
} from "./limits.ts";

/** Slack shows nearly everything, but reports no delivery or reading of messages. */
export const capabilities = (): Capabilities => ({
  text: { max: MAX_PART_CHARACTERS, unit: "characters" },
  markdown: { max: MAX_MARKDOWN_PART_CHARACTERS },
  options: { support: "native", max: MAX_SELECT_OPTIONS * MAX_SELECTS, maxLabel: MAX_LABEL_CHARACTERS },
  reservedWords: [],
  attachments: { support: "native", maxBytes: MAX_FILE_BYTES },
  edit: "native",
  hint: "native",
  typing: "dropped",
  reconcile: "native",
  receipts: "dropped",
  quietMs: QUIET_MS,
});
