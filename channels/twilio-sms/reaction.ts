/**
 * Recognises tapbacks: a phone that reacts to a text message sends a sentence that quotes it. It may quote our menu, so it
 * must never be read as an answer. Apple and Google publish no list; open-source SMS clients recognise these wordings.
 *
 * Only the whole, exact form counts: the phone's words, one quotation, and nothing after it. `Disliked “Premium”, I want
 * “Basic”` begins like one but is a customer's message. Straight quotes are typed by people, not by phones.
 */

/** Invisible characters with which Google's app pads the quoted text and the emoji. */
const INVISIBLE = /[\u200a-\u200d\u2060-\u2064\ufeff]/g;

const THING = "(?:image|photo|picture|movie|video|audio message|attachment|contact|location|link|sticker)";
const VERBS = [
  "(?:Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned)",
  "Removed (?:an? (?:like|heart|dislike|laugh|exclamation(?: mark)?|emphasis|question mark|sticker)) from",
  "Reacted with a sticker to",
  "(?:Reacted EMOJI to|Removed EMOJI from)",
];
/** An emoji; flags have no pictograph, and a keycap is a digit with a frame. */
const EMOJI = "(?=[^\\p{L}“”]{0,23}[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20e3])[^\\p{L}“”]{1,24}";
const verbs = VERBS.join("|").replaceAll("EMOJI", EMOJI);

const OF_A_FILE = new RegExp(`^(?:${verbs}) an? ${THING}$`, "u");
/** Texts before and after the quotation. */
const QUOTING: readonly (readonly [before: RegExp, after: RegExp])[] = [
  [new RegExp(`^(?:${verbs}) (?=“)`, "u"), /^$/],
  [new RegExp(`^${EMOJI} to (?=“)`, "u"), /^(?: removed)?$/],
  [/^Gefällt (?=„)/u, /^$/],
  [/^(?=„)/u, /^ ein Herz hinzugefügt\.?$/u],
];

/** True when a phone generated this text for a reaction to a message. */
export function isReaction(text: string): boolean {
  const seen = text.replace(INVISIBLE, "").trim();
  if (OF_A_FILE.test(seen)) return true;
  return QUOTING.some(([before, after]) => {
    const begin = before.exec(seen)?.[0];
    if (begin === undefined) return false;
    const rest = seen.slice(begin.length);
    return after.test(rest.slice(quotationLength(rest)));
  });
}

/** Returns the length of the quotation at the start of a text, with nested ones; the whole text if it is never closed. */
function quotationLength(text: string): number {
  const open: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    // “ opens in English and closes in German.
    if (sign === "„" || (sign === "“" && open.at(-1) !== "„")) open.push(sign);
    else if (sign === "“" || sign === "”") open.pop();
    if (open.length === 0) return at + 1;
  }
  // The quoted text has an unpaired quotation mark, or the phone cut it.
  return text.endsWith("”") || text.endsWith("“") ? text.length : 0;
}
