/**
 * Tapbacks: a phone that reacts to a text message sends a sentence that quotes it. It quotes our menu, so it must never
 * be read as an answer. Apple and Google publish no list; these are the wordings that open-source SMS clients recognise.
 */

/** Google's app pads the quoted text and the emoji with spaces and marks that nobody sees. */
const INVISIBLE = /[\u200a-\u200d\u2060-\u2064\ufeff]/g;

const VERB = "(?:Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned)";
const TAKEN_BACK = "(?:like|heart|dislike|laugh|exclamation|question mark)";
const REACTIONS: readonly RegExp[] = [
  new RegExp(`^${VERB} “.*”$`, "su"),
  new RegExp(
    `^${VERB} an? (?:image|photo|picture|movie|video|audio message|attachment|contact|location|link|sticker)$`,
    "u",
  ),
  new RegExp(`^Removed an? ${TAKEN_BACK} from (?:“.*”|an? \\w+)$`, "su"),
  /^Reacted \P{L}{1,24} to (?:“.*”|an? \w+)$/su,
  /^Removed \P{L}{1,24} from (?:“.*”|an? \w+)$/su,
  /^\p{Extended_Pictographic}\P{L}{0,23} to “.*”$/su,
  /^„.*“ ein Herz hinzugefügt\.?$/su,
  /^Gefällt „.*“$/su,
];

export function isReaction(text: string): boolean {
  const seen = text.replace(INVISIBLE, "").trim();
  return REACTIONS.some((reaction) => reaction.test(seen));
}
