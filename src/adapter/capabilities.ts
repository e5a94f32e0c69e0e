/**
 * What a channel can show, as plain data. `native`: the platform has it; `fallback`: we render it another way without
 * loss (numbered lines); `dropped`: it is left out and the journal says so; `rejected`: asking for it is an error.
 */
export type Support = "native" | "fallback" | "dropped" | "rejected";

export interface Capabilities {
  text: { max: number; unit: "septets" | "characters" | "bytes" };
  /** How long a part may be that is Markdown, in the same unit; left out where the channel shows none. */
  markdown?: { max: number };
  options: {
    support: Support;
    /** The most options shown at once, natively or as numbered lines. */
    max: number;
    /** The longest label shown, in characters. */
    maxLabel: number;
  };
  /** Words that never reach us as an answer, because the carrier acts on them ("STOP"); lower case. */
  reservedWords: readonly string[];
  /** `byUrl`: the platform fetches what we send, so it needs an address of ours that it can reach. */
  attachments: { support: Support; maxBytes: number; byUrl?: true };
  /** Whether what was sent can be changed afterwards. */
  edit: Support;
  /** Whether one person of a thread can be told something that the others don't see. */
  hint: Support;
  typing: Support;
  /** Whether the platform takes our idempotency key, or can be asked if something arrived. */
  reconcile: Support;
  /** Whether the platform reports delivery after accepting a part. */
  receipts: Support;
  /** Silence to wait for before a model is asked, milliseconds (T6). */
  quietMs: number;
}
