/** A conversation held by people, as the desk shows it. Everything here comes from a state snapshot, never from deltas. */
export type CaseStatus = "new" | "with us" | "waiting for the customer" | "solved" | "with the bot";

export interface Operator {
  /** As the desk's platform names them; opaque. */
  id: string;
  name: string;
}

export interface CaseCard {
  conversation: number;
  queue: string;
  status: CaseStatus;
  priority: "low" | "normal" | "high" | "urgent";
  customer: string;
  channel: string;
  /** Why a person is needed, in plain words. */
  reason: string;
  /** What is known: a summary given by the workflow, or null. */
  summary: string | null;
  /** Facts collected so far, as label and value. */
  facts: readonly { label: string; value: string }[];
  tags: readonly string[];
  holder: Operator | null;
  /** Where it went on, where it was merged into another case; cards from before cases could be merged do not say. */
  mergedInto?: number | null;
  /** The message about which it was opened; left out, or null, where it began in another way. `told`: a person has replied. */
  about?: { author: string; place: string; told: boolean } | null;
  /** How far the channel vouches for who the customer is; left out where they never wrote. */
  trust?: "verified" | "asserted" | "unverified" | "spoof_suspect";
  /** Where the whole of it is read; left out where there is no such page. */
  link?: string;
  /** ISO time since when the customer has been waiting for a person; null while nothing is owed. */
  waitingSince: string | null;
  openedAt: string;
}

/** What an operator is asked before the cases of two people become one. */
export const mergeQuestion = (one: string, other: string): string =>
  `Merge ${one}'s case into ${other}'s? From then on both are one case: whoever answers it writes to ${other}, and what ${one} writes is shown there.`;

/** One line in a case's thread. `internal` never reaches a customer. */
export interface DeskEntry {
  kind: "customer" | "bot" | "reply" | "note" | "system";
  author: string;
  text: string;
  at: string;
  /** The message it mirrors, so that its delivery can be shown beside it; null for notes and system lines. */
  message: number | null;
  /** Whether the text stays inside. */
  internal: boolean;
  /** Names the words it shows: later marks (its delivery, a correction) belong to what has the same. */
  ref?: string;
  /** An operator to be called by name, so that their platform tells them. */
  notify?: string;
  /** What the customer sent along, by name; the files themselves follow when they are fetched. */
  files?: readonly string[];
  /** The channel that the customer wrote on, where it is known: a merged case has several. */
  channel?: string;
}

/** What is asked of an operator about words of theirs: to send what was held back, or a correction of what has left. */
export type DeskQuestion = "on_hold" | "correction";

/**
 * A place in what was said: the customer's messages up to this id, ours up to this moment. Ids, because several
 * messages may be stored in one moment and handled one after the other.
 */
export interface TranscriptMark {
  message: number;
  at: string;
}
