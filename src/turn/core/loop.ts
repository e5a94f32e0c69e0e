/**
 * Two machines that answer each other, told by what is said rather than by headers, which SMS and chats do not have.
 *
 * An exchange is what the customer wrote and what the bot answered. It makes progress where the bot says something that it
 * had not said lately: then a person who answers "yes" to five questions is no loop. It is counted as repeated where
 * neither side says anything new. A machine whose words change is told by its speed: it answers faster than people
 * read, again and again, and hears the same each time.
 */
import type { LoopLimits } from "../../domain/limits.ts";

export interface LoopState {
  /** Words that the customer wrote lately, and what the bot answered: the latest last, different ones only. */
  heard: readonly string[];
  said: readonly string[];
  /** The customer's message that has no answer yet; null: none. */
  open: { fresh: boolean; rapid: boolean } | null;
  saidAt: string | null;
  /** Exchanges in which neither side said anything new, since when. */
  repeated: { since: string; n: number } | null;
  /** Exchanges in a row that were faster than people read, the bot saying nothing new. */
  rapid: number;
}

export const NO_LOOP: LoopState = { heard: [], said: [], open: null, saidAt: null, repeated: null, rapid: 0 };

/** Two machines may take turns between a few texts each. */
const RECENT_TEXTS = 3;
/** Enough to tell texts apart, little enough for the state (T11). */
const CHARACTERS = 160;
/** Reading one sentence and typing a word on a telephone takes people longer. */
const RAPID_MS = 5_000;
/** Shorter texts are words like "yes 2", which are another answer where one character is. */
const LONG_WORDS = 4;
/** Of the words of two texts, so many of ten are the same: a date, a name or a number may differ. */
const ALIKE = 0.8;

/** The customer wrote. */
export function recordCustomerText(loop: LoopState, text: string, at: Date): LoopState {
  const said = normalize(text);
  const known = loop.heard.find((one) => alike(one, said));
  const rapid = loop.saidAt !== null && at.getTime() - Date.parse(loop.saidAt) <= RAPID_MS;
  return { ...loop, heard: pushRecent(loop.heard, said, known), open: { fresh: known === undefined, rapid } };
}

/** The bot answered. */
export function recordBotText(loop: LoopState, text: string, at: Date): LoopState {
  const said = normalize(text);
  const known = loop.said.includes(said) ? said : undefined;
  const after = { ...loop, said: pushRecent(loop.said, said, known), saidAt: at.toISOString(), open: null };
  if (loop.open === null) return after;
  if (known === undefined) return { ...after, repeated: null, rapid: 0 };
  const rapid = loop.open.rapid ? loop.rapid + 1 : 0;
  if (loop.open.fresh) return { ...after, rapid };
  const { since, n } = loop.repeated ?? { since: at.toISOString(), n: 0 };
  return { ...after, rapid, repeated: { since, n: n + 1 } };
}

/** Reason why it is a loop, to be read after a name; null where it is none. `loop` goes on from what is left of it. */
export function detectLoop(loop: LoopState, limits: LoopLimits, at: Date): { loop: LoopState; message: string | null } {
  const { repeated, rapid } = loop;
  const old = repeated !== null && at.getTime() - Date.parse(repeated.since) > limits.withinMs;
  const kept = old ? { ...loop, repeated: null } : loop;
  if (!old && repeated !== null && repeated.n >= limits.exchanges) {
    return { loop: NO_LOOP, message: `wrote the same ${repeated.n} times and got the same answer` };
  }
  if (rapid >= limits.rapid) {
    const message = `answered ${rapid} times in a row within ${RAPID_MS / 1_000} seconds and got the same answer`;
    return { loop: NO_LOOP, message };
  }
  return { loop: kept, message: null };
}

function pushRecent(texts: readonly string[], text: string, known: string | undefined): string[] {
  return [...texts.filter((one) => one !== known), text].slice(-RECENT_TEXTS);
}

/** As it is compared: without what differs between two looks at the same text. */
const normalize = (text: string): string =>
  text
    .slice(0, 4 * CHARACTERS)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, CHARACTERS)
    .toWellFormed();

/** Tells whether two texts of a customer say the same, but for numbers and a word or two. */
function alike(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (a.length < LONG_WORDS || b.length < LONG_WORDS) return false;
  const rest = new Map<string, number>();
  for (const word of a) rest.set(word, (rest.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of b) {
    const left = rest.get(word) ?? 0;
    if (left > 0) shared++;
    rest.set(word, left - 1);
  }
  return (2 * shared) / (a.length + b.length) >= ALIKE;
}

/** Numbers count as one word: tickets and times are counted on by machines. */
const wordsOf = (text: string): string[] => text.replace(/\p{N}+/gu, "0").match(/[\p{L}\p{N}]+/gu) ?? [];
