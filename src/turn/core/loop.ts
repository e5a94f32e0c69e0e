/**
 * Detects two machines that answer each other by what they say, since SMS and chats have no headers that tell.
 *
 * An exchange is a message of the customer's and the bot's answer. It makes progress when the bot says something that
 * it had not said lately, so a person who answers "yes" to five questions is no loop. It is repeated when neither side
 * says anything new. A machine with changing texts is detected by speed: several times in a row it answers faster than
 * people read, and the bot says nothing new.
 */
import type { LoopLimits } from "../../domain/limits.ts";

export interface LoopState {
  /** Recent texts of the customer and of the bot, without repetitions, latest last. */
  heard: readonly string[];
  said: readonly string[];
  /** The customer's message that has no answer yet; null: there is none. */
  open: { fresh: boolean; rapid: boolean } | null;
  saidAt: string | null;
  /** Number of exchanges in which neither side said anything new, and the time of the first. */
  repeated: { since: string; n: number } | null;
  /** Number of exchanges in a row that were faster than people read, without anything new from the bot. */
  rapid: number;
}

export const NO_LOOP: LoopState = { heard: [], said: [], open: null, saidAt: null, repeated: null, rapid: 0 };

/** Each machine may alternate between a few texts. */
const RECENT_TEXTS = 3;
/** Characters compared: enough to tell texts apart, few enough for the state (T11). */
const CHARACTERS = 160;
/** Reading one sentence and typing a word on a telephone takes people longer. */
const RAPID_MS = 5_000;
/** Shorter texts ("yes 2") are compared exactly: one character may make another answer. */
const LONG_WORDS = 4;
/** Share of equal words from which two texts are alike: a date, a name or a number may differ. */
const ALIKE = 0.8;

/** Records a message of the customer's. */
export function recordCustomerText(loop: LoopState, text: string, at: Date): LoopState {
  const said = normalize(text);
  const known = loop.heard.find((one) => alike(one, said));
  const rapid = loop.saidAt !== null && at.getTime() - Date.parse(loop.saidAt) <= RAPID_MS;
  return { ...loop, heard: pushRecent(loop.heard, said, known), open: { fresh: known === undefined, rapid } };
}

/** Records an answer of the bot's. */
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

/** Detects a loop. `message`: the reason, to be read after a name; null: no loop. `loop`: the state to go on with. */
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

/** Normalizes a text for comparison. */
const normalize = (text: string): string =>
  text
    .slice(0, 4 * CHARACTERS)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, CHARACTERS)
    .toWellFormed();

/** True when two texts are the same except for numbers and a word or two. */
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

/** All numbers are one word, since machines count tickets and times on. */
const wordsOf = (text: string): string[] => text.replace(/\p{N}+/gu, "0").match(/[\p{L}\p{N}]+/gu) ?? [];
