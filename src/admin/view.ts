/** What the playground page shows, as one snapshot: the page redraws from it and never patches. */

import type { PartState } from "../desk/delivery-words.ts";
import type { CaseCard, DeskEntry, DeskQuestion } from "../domain/case.ts";
import type { Author } from "../domain/message.ts";

export interface ShownMessage {
  id: number;
  /** What the platform calls it; for the customer's, the id that the page gave it. */
  ref: string | null;
  author: Author;
  name: string;
  text: string;
  at: string;
  /** Native options, where this part has them; pressed in the page. */
  options: { id: string; label: string }[];
  promptId: string | null;
  /** For ours: what became of it; null for the customer's. */
  state: PartState | null;
}

/** A line of a case, with what became of it where it went to the customer ("→ Dana, SMS, delivered"). */
export type ShownEntry = DeskEntry & {
  id: string;
  state: PartState | null;
  detail: string | null;
  /** What the operator who wrote it is asked, and what became of it before it left; null: nothing. */
  mark: { ref: string; message: string; question: DeskQuestion | null } | null;
  /** Where the file that it shows is read; null: it shows none. */
  url: string | null;
};

export interface JournalRow {
  id: number;
  /** null while it waits to be handled. */
  seq: number | null;
  at: string;
  kind: string;
  /** What happened, in plain words ("The customer wrote “2”"). */
  message: string;
  /** What was decided about it, and why. */
  lines: { code: string; message: string }[];
}

export interface PlaygroundView {
  /** null until the customer of this page has written. */
  conversation: number | null;
  customer: ShownMessage[];
  /** The one prompt that is open now, if any: only its buttons can be pressed. */
  openPrompt: string | null;
  queues: { id: string; title: string; cases: CaseCard[] }[];
  /** Workflows that an operator may start in a case. */
  manual: readonly { id: string; title: string }[];
  /** Conversations that the bot holds, so that a person can take over. */
  withBot: { conversation: number; customer: string; channel: string; lastText: string }[];
  /** The case looked at, as the desk was told of it. */
  thread: { card: CaseCard; entries: ShownEntry[] } | null;
  /** Words to single operators about the case looked at. */
  hints: { id: number; operator: string; text: string; at: string }[];
  /** Whose journal it is: the conversation asked for, else the customer's. */
  journalOf: { conversation: number; customer: string } | null;
  journal: JournalRow[];
  /** What the page does not show because there is too much of it. */
  older: { customer: boolean; journal: boolean; thread: boolean; cases: boolean };
}
