import type { NumberedOption } from "../domain/option.ts";

/** What the core wants said: one text, with options where it is a prompt. */
export interface OutgoingMessage {
  text: string;
  options?: readonly NumberedOption[];
  /** Words under the options ("Reply with a number …"), used only where they are shown as numbers. */
  footer?: string;
  /** Stands with a native prompt so that a click names the prompt it answers. */
  promptId?: string;
}

/**
 * One remote send, already within the channel's limits: what the outbox stores and `encode` turns into a vendor body.
 * The texts of a message's parts, joined, are the text that was asked for.
 */
export interface FittedPart {
  text: string;
  /** Only on the last part, and only where the channel shows options natively. */
  options?: readonly NumberedOption[];
  promptId?: string;
}
