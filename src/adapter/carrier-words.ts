/** Action that a carrier takes by itself: blocks our messages to the sender, allows them again, or sends its help text. */
export type CarrierWord = "opt_out" | "opt_in" | "help";

/**
 * Whole messages that carriers, or Twilio for them, act on before us (https://help.twilio.com/articles/223134027; 47 CFR
 * 64.1200(a)(10); CTIA Messaging Principles 5.1.3). Lower case.
 */
const WORDS: Readonly<Record<CarrierWord, readonly string[]>> = {
  opt_out: ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"],
  opt_in: ["start", "yes", "unstop"],
  help: ["help", "info"],
};

/**
 * Words that never answer a question of ours, because the carrier acts on them whatever we asked. "Yes" and "start" mean
 * something to it only after an opt-out, and then no question is open; otherwise they are ordinary words.
 */
export const RESERVED_WORDS: readonly string[] = [...WORDS.opt_out, ...WORDS.help];

/** Two-word forms: the law names "opt out" as people write it (47 CFR 64.1200(a)(10)). */
const WRITTEN_APART: readonly string[] = ["opt out", "stop all"];

const MEANS: ReadonlyMap<string, CarrierWord> = new Map([
  ...(["opt_out", "opt_in", "help"] as const).flatMap((means) => WORDS[means].map((word) => [word, means] as const)),
  ...WRITTEN_APART.map((words) => [words, "opt_out"] as const),
]);

/** Longest message that is read: the longest word and generous punctuation around it. */
const LONGEST_CHARACTERS = 100;
/** Leading and trailing characters that are no letter, mark or digit, and the marks of emoji (variations, keycaps). */
const AROUND = /^(?:[^\p{L}\p{M}\p{N}]|[\uFE00-\uFE0F\u20E3])+|(?:[^\p{L}\p{M}\p{N}]|[\uFE00-\uFE0F\u20E3])+$/gu;
/** Invisible characters that editors insert: soft hyphen, zero-width space and joiners, byte order mark. */
const UNSEEN = /[\u00AD\u200B-\u200D\u2060\uFEFF]/gu;
const BETWEEN = /[\s\p{Pd}]+/gu;

/**
 * Returns the action that a carrier takes on this message; null: none. Only the word alone counts, in upper or lower case
 * and with any space and punctuation around it ("Stop."): a sentence that begins with it is an ordinary message.
 */
export function carrierWord(text: string): CarrierWord | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_CHARACTERS) return null;
  const bare = trimmed.normalize("NFKC").replace(UNSEEN, "").replace(AROUND, "").replace(BETWEEN, " ").toLowerCase();
  return MEANS.get(bare) ?? null;
}
