/** The conversation as messages. It only grows at its end, so that what stood in the prompt before stays as it was. */
import type { ModelMessage } from "../../domain/model.ts";
import type { Mask } from "./masking.ts";
import { cleaned, type Fencing } from "./outside.ts";

/** A message of the transcript. */
export interface SpokenMessage {
  author: "customer" | "bot" | "operator";
  text: string;
  /** Names of its files. */
  files: readonly string[];
}

/** What was said last, as far as a prompt has room for it. */
export interface Spoken {
  messages: readonly SpokenMessage[];
  /** True if earlier messages are left out. */
  cut: boolean;
}

/** Characters of one message. Longer ones are mails with their history below them. */
export const MESSAGE_MAX = 4_000;
const FILE_NAMES_MAX = 500;

/** `said`: replies of this turn, which the exchange holds. */
export function conversationMessages(
  { messages, cut }: Spoken,
  { fenced, mask, said }: { fenced: Fencing; mask: Mask; said: readonly string[] },
): ModelMessage[] {
  const last = messages.findLastIndex(({ author }) => author === "customer");
  const kept = messages.filter(({ author, text }, at) => at <= last || author !== "bot" || !said.includes(text));
  const begin: ModelMessage[] = cut ? [{ role: "user", content: "(Earlier messages are left out.)" }] : [];
  return [...begin, ...kept.map((one) => messageOf(one, { fenced, mask }))];
}

function messageOf({ author, text, files }: SpokenMessage, o: { fenced: Fencing; mask: Mask }): ModelMessage {
  switch (author) {
    case "customer":
      return { role: "user", content: customerText({ text: o.mask(text), files }, o.fenced) };
    case "operator":
      return { role: "assistant", content: o.fenced("colleague", o.mask(text), MESSAGE_MAX) };
    case "bot":
      return { role: "assistant", content: cleaned(o.mask(text)).slice(0, MESSAGE_MAX).toWellFormed() };
  }
}

function customerText({ text, files }: Pick<SpokenMessage, "text" | "files">, fenced: Fencing): string {
  const words = text.trim() === "" && files.length > 0 ? [] : [fenced("customer", text, MESSAGE_MAX)];
  return [...words, ...(files.length === 0 ? [] : [fenced("file_names", files.join("\n"), FILE_NAMES_MAX)])].join("\n");
}
