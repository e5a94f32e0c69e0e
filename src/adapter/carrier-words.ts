/** What a carrier does with a word by itself: nothing of ours reaches its sender any more, it does again, or it explains. */
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
 * Those that answer no question of ours, because the carrier acts on them whatever we asked. "Yes" and "start" mean
 * something to it only after an opt-out, and then no question is open; else they are words like any other.
 */
export const RESERVED_WORDS: readonly string[] = [...WORDS.opt_out, ...WORDS.help];

/** Of two words each: the law names "opt out" as people write it (47 CFR 64.1200(a)(10)). */
const WRITTEN_APART: readonly string[] = ["opt out", "stop all"];

const MEANS: ReadonlyMap<string, CarrierWord> = new Map([
  ...(["opt_out", "opt_in", "help"] as const).flatMap((means) => WORDS[means].map((word) => [word, means] as const)),
  ...WRITTEN_APART.map((words) => [words, "opt_out"] as const),
]);

/** Letters of the longest word, and as many marks around it as anybody types. */
const LONGEST_CHARACTERS = 100;
/** Whatever is no letter, mark or digit, and the marks that belong to emoji (variation selectors, keycaps). */
const AROUND = /^(?:[^\p{L}\p{M}\p{N}]|[\uFE00-\uFE0F\u20E3])+|(?:[^\p{L}\p{M}\p{N}]|[\uFE00-\uFE0F\u20E3])+$/gu;
/** Written into words by editors and shown as nothing: soft hyphen, zero-width space and joiners, byte order mark. */
const UNSEEN = /[\u00AD\u200B-\u200D\u2060\uFEFF]/gu;
const BETWEEN = /[\s\p{Pd}]+/gu;

/**
 * What a carrier does with this message; null: nothing. Only the word alone counts, in any case of letters and with
 * whatever space and punctuation around it ("Stop."): a sentence that begins with it is a message.
 */
export function carrierWord(text: string): CarrierWord | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_CHARACTERS) return null;
  const bare = trimmed.normalize("NFKC").replace(UNSEEN, "").replace(AROUND, "").replace(BETWEEN, " ").toLowerCase();
  return MEANS.get(bare) ?? null;
}
