import type { StoredFile } from "../domain/message.ts";
import type { NumberedOption } from "../domain/option.ts";

/** A message that the core sends: one text, with options if it is a prompt. */
export interface OutgoingMessage {
  text: string;
  options?: readonly NumberedOption[];
  /** Text under the options ("Reply with a number …"), used only when they are shown as numbers. */
  footer?: string;
  /** Sent with a native prompt, so that a click names the prompt that it answers. */
  promptId?: string;
  /** The text is Markdown (a model wrote it), shown as such if the channel can. */
  markdown?: true;
  /** An operator wrote it, so links in it may be shown as links. */
  trusted?: true;
}

/**
 * One remote send, already within the channel's limits: the outbox stores it and `encode` turns it into a vendor body.
 * The texts of a message's parts, joined, are the text of the message.
 */
export interface FittedPart {
  text: string;
  /** Only on the last part, and only if the channel shows options natively. */
  options?: readonly NumberedOption[];
  promptId?: string;
  markdown?: true;
  trusted?: true;
  /** Id of the operator's words that it carries, so that they can be edited and their delivery shown. */
  ref?: string;
  /** A file, sent by itself; `text` is then its name. `url`: address at which the platform can fetch it; null: none. */
  file?: StoredFile & { url: string | null };
}

/** A change to a sent part, or a hint to one person of the thread; neither is in the transcript. */
export type PartChange =
  /** The prompt was answered: its buttons go, and it shows the chosen option. */
  | { kind: "answered"; promptId: string; chosen: string }
  /** An operator's words were edited after they were sent. */
  | { kind: "edited"; ref: string; text: string; trusted: true }
  | { kind: "hint"; to: string; text: string };

/** One send to a channel. */
export type ChannelPart = { kind: "part"; part: FittedPart } | PartChange;

/** Returns the outbox content of a change; that of a part is the part itself. */
export function storedPartChange({ kind, ...change }: PartChange): Readonly<Record<string, unknown>> {
  return { change: kind, ...change };
}

/** Reads the outbox content of a row for a channel, also as earlier builds wrote it. Throws Error where it can't be read. */
export function readChannelPart(content: unknown): ChannelPart {
  if (typeof content !== "object" || content === null) throw new Error("The outbox holds a part that is no object");
  const { change, hint, ...rest } = content as { change?: PartChange["kind"]; hint?: string; to?: string };
  switch (change) {
    case "answered":
    case "edited":
    case "hint":
      return { kind: change, ...rest } as PartChange;
    case undefined:
      break;
    default:
      throw new Error(`The outbox holds a change of the unknown kind “${String(change)}”`);
  }
  if (hint !== undefined) return { kind: "hint", to: rest.to ?? "", text: hint };
  if (!("text" in content) || typeof content.text !== "string")
    throw new Error("The outbox holds a part without a text");
  return { kind: "part", part: content as FittedPart };
}
