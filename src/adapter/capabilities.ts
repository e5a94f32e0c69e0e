/**
 * Level of support for one feature. `native`: the platform has it; `fallback`: we render it another way without loss
 * (numbered lines); `dropped`: it is left out and the journal says so; `rejected`: asking for it is an error.
 */
export type Support = "native" | "fallback" | "dropped" | "rejected";

/** Features and limits of a channel, as plain data. */
export interface Capabilities {
  text: { max: number; unit: "septets" | "characters" | "bytes" };
  /** The longest Markdown part, in the same unit; left out if the channel does not show Markdown. */
  markdown?: { max: number };
  options: {
    support: Support;
    /** The most options shown at once, natively or as numbered lines. */
    max: number;
    /** The longest label shown, in characters. */
    maxLabel: number;
  };
  /** Words that never reach us as an answer because the carrier acts on them ("STOP"); lower case. */
  reservedWords: readonly string[];
  /** `byUrl`: the platform fetches the files that we send, so it must be able to reach us. */
  attachments: { support: Support; maxBytes: number; byUrl?: true };
  /** Editing a sent part. */
  edit: Support;
  /** Showing a text to one person of a thread only. */
  hint: Support;
  typing: Support;
  /** Finding out whether a part arrived: by our idempotency key, or by asking the platform. */
  reconcile: Support;
  /** Delivery reports after a part was accepted. */
  receipts: Support;
  /** Silence to wait for before a model is asked, milliseconds (T6). */
  quietMs: number;
}
