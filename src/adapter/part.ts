import type { StoredFile } from "../domain/message.ts";
import type { NumberedOption } from "../domain/option.ts";

/** What the core wants said: one text, with options where it is a prompt. */
export interface OutgoingMessage {
  text: string;
  options?: readonly NumberedOption[];
  /** Words under the options ("Reply with a number …"), used only where they are shown as numbers. */
  footer?: string;
  /** Stands with a native prompt so that a click names the prompt it answers. */
  promptId?: string;
  /** The text is Markdown (a model wrote it), shown as such where the channel can. */
  markdown?: true;
  /** A person of ours wrote it, so what looks like a link in it may be one. */
  trusted?: true;
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
  markdown?: true;
  trusted?: true;
  /** Names the operator's words that it carries, so that they can be changed and their delivery shown. */
  ref?: string;
  /** A file of ours, sent by itself; `text` is then its name. `url`: where the platform can fetch it; null: nowhere. */
  file?: StoredFile & { url: string | null };
}

/** What is sent to a channel. */
export type ChannelPart = FittedPart | PartChange;

/** A change to what has left, or a word to one person of the thread: nothing that the transcript holds. */
export type PartChange =
  /** The prompt has its answer: its buttons go, and it says what was chosen. */
  | { change: "answered"; promptId: string; chosen: string }
  /** An operator's words were edited after they had left. */
  | { change: "edited"; ref: string; text: string; trusted: true }
  | { hint: string; to: string };
