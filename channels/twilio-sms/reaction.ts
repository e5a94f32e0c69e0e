/**
 * Tapbacks: a phone that reacts to a text message sends a sentence that quotes it. It quotes our menu, so it must never
 * be read as an answer. Apple and Google publish no list; these are the wordings that open-source SMS clients recognise.
 *
 * Only the whole, exact form is one: the words of the phone, one quotation, and nothing after it. `Disliked “Premium”, I
 * want “Basic”` begins like one and is what a customer has to say. Straight quotes are typed by people, not by phones.
 */

/** Google's app pads the quoted text and the emoji with spaces and marks that nobody sees. */
const INVISIBLE = /[\u200a-\u200d\u2060-\u2064\ufeff]/g;

const THING = "(?:image|photo|picture|movie|video|audio message|attachment|contact|location|link|sticker)";
const REACTED = [
  "(?:Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned)",
  "Removed (?:an? (?:like|heart|dislike|laugh|exclamation(?: mark)?|emphasis|question mark|sticker)) from",
  "Reacted with a sticker to",
  "(?:Reacted EMOJI to|Removed EMOJI from)",
];
/** A flag has no pictograph in it, and a keycap is a digit with a frame. */
const EMOJI = "(?=[^\\p{L}“”]{0,23}[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20e3])[^\\p{L}“”]{1,24}";
const reacted = REACTED.join("|").replaceAll("EMOJI", EMOJI);

const OF_A_FILE = new RegExp(`^(?:${reacted}) an? ${THING}$`, "u");
/** The words before a quotation that ends the text, or that the second words end. */
const QUOTING: readonly (readonly [before: RegExp, after: RegExp])[] = [
  [new RegExp(`^(?:${reacted}) (?=“)`, "u"), /^$/],
  [new RegExp(`^${EMOJI} to (?=“)`, "u"), /^(?: removed)?$/],
  [/^Gefällt (?=„)/u, /^$/],
  [/^(?=„)/u, /^ ein Herz hinzugefügt\.?$/u],
];

/** Says that a phone wrote this text about a message of ours, and nobody wrote anything. */
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

/** How long the quotation is that a text begins with, whatever is quoted in it; the whole text where it never ends. */
function quotationLength(text: string): number {
  const open: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    // “ opens in English and closes in German.
    if (sign === "„" || (sign === "“" && open.at(-1) !== "„")) open.push(sign);
    else if (sign === "“" || sign === "”") open.pop();
    if (open.length === 0) return at + 1;
  }
  // What was quoted had a quotation mark too many, or the phone cut it.
  return text.endsWith("”") || text.endsWith("“") ? text.length : 0;
}
