/** Slack's emoji names ("wave", "flag-de", "skin-tone-3") as Unicode. */
import { nameToEmoji } from "gemoji";
import { SLACK_NAMES } from "./emoji-names.ts";

const REGIONAL_A = 0x1f1e6;
const LIGHTEST_SKIN = 0x1f3fb;
/** Stands behind an emoji so that it is shown in colour; a skin tone takes its place. */
const COLOURED = "\ufe0f";
const JOINER = "\u200d";

const words = SLACK_NAMES.trim().split(/\s+/);
const ours = new Map(words.flatMap((name, at) => (at % 2 === 0 ? [[name, words[at + 1] ?? ""] as const] : [])));

/** The emoji of that name; undefined: none of Unicode's, so one of the workspace's own. */
export function emojiOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return ours.get(lower) ?? flag(lower) ?? skinTone(lower) ?? variants(lower).map(gemoji).find(Boolean);
}

/** What stands for an emoji that only Slack can show: its name, in words. */
export const emojiInWords = (name: string): string => `(${name.replaceAll(/[_-]+/g, " ").trim() || name})`;

/** An emoji in the skin tone that was chosen for it: the tone follows the person, before anything joined to them. */
export function toned(emoji: string, tone: string): string {
  const [person = "", ...joined] = emoji.split(JOINER);
  return [person.replace(COLOURED, "") + tone, ...joined].join(JOINER);
}

/** ":skin-tone-2:" is the lightest, ":skin-tone-6:" the darkest. */
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

/** The ways in which gemoji may spell a name of Slack's: "woman-shrugging", "male-artist", "woman-girl-boy". */
function variants(name: string): string[] {
  const plain = name.replaceAll("-", "_");
  const [, female, what = ""] = /^(?:(female|woman)|male|man)_(.+)$/.exec(plain) ?? [];
  const who = female === undefined ? "man" : "woman";
  const gendered = what === "" ? [] : [`${who}_${what}`, `${what}_${who}`];
  // "man-boy" is a family, "man_girl" is nothing else.
  return [name, ...(name.includes("-") ? [`family_${plain}`] : []), plain, ...gendered];
}
