/** The snapshot that the playground page is drawn from. */

import type { PartState } from "../desk/delivery-words.ts";
import type { CaseCard, DeskEntry, DeskQuestion } from "../domain/case.ts";
import type { Author } from "../domain/message.ts";

export interface ShownMessage {
  id: number;
  /** The platform's id; for the customer's messages, the id made by the page. */
  ref: string | null;
  author: Author;
  name: string;
  text: string;
  at: string;
  /** Native options of this part, shown as buttons. */
  options: { id: string; label: string }[];
  promptId: string | null;
  /** Delivery state of our messages; null for the customer's. */
  state: PartState | null;
}

/** A line of a case; `detail` is its delivery to the customer ("→ Dana, SMS, delivered"). */
export type ShownEntry = DeskEntry & {
  id: string;
  state: PartState | null;
  detail: string | null;
  /** The status of an operator's text before it left, with a question to them; null: none. */
  mark: { ref: string; message: string; question: DeskQuestion | null } | null;
  /** URL of the file that it shows; null: it shows none. */
  url: string | null;
};

export interface JournalRow {
  id: number;
  /** null while it waits. */
  seq: number | null;
  at: string;
  kind: string;
  /** The event in plain words ("The customer wrote “2”"). */
  message: string;
  /** The decisions about it, with reasons. */
  lines: { code: string; message: string }[];
}

export interface PlaygroundView {
  /** null until the customer of this page has written. */
  conversation: number | null;
  customer: ShownMessage[];
  /** The open prompt, if any: only its buttons can be pressed. */
  openPrompt: string | null;
  queues: { id: string; title: string; cases: CaseCard[] }[];
  /** Workflows that an operator may start by hand. */
  manual: readonly { id: string; title: string }[];
  /** Conversations that the bot holds; a person can take them over. */
  withBot: { conversation: number; customer: string; channel: string; lastText: string }[];
  /** The open case. */
  thread: { card: CaseCard; entries: ShownEntry[] } | null;
  /** Hints to single operators about the open case. */
  hints: { id: number; operator: string; text: string; at: string }[];
  /** The conversation of the journal: the requested one, else the customer's. */
  journalOf: { conversation: number; customer: string } | null;
  journal: JournalRow[];
  /** True for lists that are cut. */
  older: { customer: boolean; journal: boolean; thread: boolean; cases: boolean };
}
