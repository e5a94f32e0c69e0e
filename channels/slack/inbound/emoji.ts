/** Maps Slack's emoji names ("wave", "flag-de", "skin-tone-3") to Unicode. */
import { nameToEmoji } from "gemoji";
import { SLACK_NAMES } from "./emoji-names.ts";

const REGIONAL_A = 0x1f1e6;
const LIGHTEST_SKIN = 0x1f3fb;
/** Variation selector that shows an emoji in colour; a skin tone replaces it. */
const COLOURED = "\ufe0f";
const JOINER = "\u200d";

const words = SLACK_NAMES.trim().split(/\s+/);
const ours = new Map(words.flatMap((name, at) => (at % 2 === 0 ? [[name, words[at + 1] ?? ""] as const] : [])));

/** Returns the emoji of that name; undefined: it is not in Unicode, so it is one of the workspace's own. */
export function emojiOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return ours.get(lower) ?? flag(lower) ?? skinTone(lower) ?? variants(lower).map(gemoji).find(Boolean);
}

/** Names an emoji that only Slack can show, in words. */
export const emojiInWords = (name: string): string => `(${name.replaceAll(/[_-]+/g, " ").trim() || name})`;

/** Applies a skin tone to an emoji: it follows the person, before anything joined to them. */
export function withTone(emoji: string, tone: string): string {
  const [person = "", ...joined] = emoji.split(JOINER);
  return [person.replace(COLOURED, "") + tone, ...joined].join(JOINER);
}

/** Returns the modifier of a skin tone; ":skin-tone-2:" is the lightest, ":skin-tone-6:" the darkest. */
export function skinTone(name: string): string | undefined {
  const tone = /^skin-tone-([2-6])$/.exec(name)?.[1];
  return tone === undefined ? undefined : String.fromCodePoint(LIGHTEST_SKIN + Number(tone) - 2);
}

const gemoji = (name: string): string | undefined => (Object.hasOwn(nameToEmoji, name) ? nameToEmoji[name] : undefined);

function flag(name: string): string | undefined {
  const region = /^flag-([a-z]{2})$/.exec(name)?.[1];
  if (region === undefined) return undefined;
  return String.fromCodePoint(...Array.from(region, (letter) => REGIONAL_A + letter.charCodeAt(0) - 97));
}

/** Returns possible gemoji spellings of a Slack name: "woman-shrugging", "male-artist", "woman-girl-boy". */
function variants(name: string): string[] {
  const plain = name.replaceAll("-", "_");
  const [, female, what = ""] = /^(?:(female|woman)|male|man)_(.+)$/.exec(plain) ?? [];
  const who = female === undefined ? "man" : "woman";
  const gendered = what === "" ? [] : [`${who}_${what}`, `${what}_${who}`];
  // Only names with hyphens are families: "man-boy" is one, "man_girl" is not.
  return [name, ...(name.includes("-") ? [`family_${plain}`] : []), plain, ...gendered];
}
