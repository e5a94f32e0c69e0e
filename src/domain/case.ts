/** Status of a case at the desk. Cards are built from a state snapshot, never from deltas. */
export type CaseStatus = "new" | "with us" | "waiting for the customer" | "solved" | "with the bot";

export interface Operator {
  /** The desk platform's id; opaque. */
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
  /** The reason why a person is needed, in plain words. */
  reason: string;
  /** A summary given by the workflow, or null. */
  summary: string | null;
  /** Facts collected so far, as label and value. */
  facts: readonly { label: string; value: string }[];
  tags: readonly string[];
  holder: Operator | null;
  /** The case it was merged into; null when it was not. Cards from before merging existed lack it. */
  mergedInto?: number | null;
  /** The message it was opened about; absent or null when it began in another way. `told`: a person has replied. */
  about?: { author: string; place: string; told: boolean } | null;
  /** The channel's trust in the sender's identity; absent when the customer never wrote. */
  trust?: "verified" | "asserted" | "unverified" | "spoof_suspect";
  /** URL of the full conversation; absent when there is no such page. */
  link?: string;
  /** ISO time since when the customer waits for a person; null when they do not. */
  waitingSince: string | null;
  openedAt: string;
}

/** The question that an operator confirms before the cases of two people are merged. */
export const mergeQuestion = (one: string, other: string): string =>
  `Merge ${one}'s case into ${other}'s? From then on both are one case: replies go to ${other}, and messages from ${one} appear in it.`;

/** One line in a case's thread. */
export interface DeskEntry {
  kind: "customer" | "bot" | "reply" | "note" | "system";
  author: string;
  text: string;
  at: string;
  /** The message it mirrors, for showing its delivery; null for notes and system lines. */
  message: number | null;
  /** True when the text never reaches a customer. */
  internal: boolean;
  /** Identifies the text shown: later marks (its delivery, a correction) carry the same ref. */
  ref?: string;
  /** An operator to mention, so that the platform notifies them. */
  notify?: string;
  /** Names of the customer's files; the files themselves follow when they are fetched. */
  files?: readonly string[];
  /** The channel that the customer wrote on, if known: a merged case has several. */
  channel?: string;
}

/** A question to an operator about their own text: send it though it was held back, or correct it though it was sent. */
export type DeskQuestion = "on_hold" | "correction";

/**
 * A position in the transcript: the customer's messages up to this id, ours up to this time. Ids, because several
 * messages may be stored at the same time and handled one after the other.
 */
export interface TranscriptMark {
  message: number;
  at: string;
}
