/**
 * Tells notes for colleagues from words for the customer by their beginning. The same rule for every desk.
 *
 * 1. A documented mark makes a note, in any case, width and bracket; a note never reaches the customer.
 * 2. What looks like a mark, or stands where one may have been meant, is asked about: a note that was sent can't be
 *    taken back, and a question costs one press.
 * 3. A sentence that only begins with a mark's word is for the customer: "Notes are attached", "Privately owned flats".
 */
import { distance } from "../../../adapter/choose/distance.ts";
import { foldLookalikes, foldText, linesOf, SMILEY, withoutOrnament } from "./note-folding.ts";
import { hasInternalLabel, hasMixedLabel, hasNoteLabel } from "./note-label.ts";

export type Audience = "note" | "ask" | "customer";

const WORD = "(?:(?:internal|private|interne) (?:note|notiz)|note|notiz|private|privat|internal|intern)";
const OPEN = "[\\[({<«‹〔【〖《〈「『]";
const CLOSE = "[\\])}>»›〕】〗》〉」』]";
const WORD_ENDS = "(?![\\p{L}\\p{N}_])";

/** The documented marks: channels/slack/README.md, "What reaches the customer". */
const MARK = new RegExp(
  `^(?://|;;|🔒|/${WORD}(?![\\p{L}\\p{N}_/\\\\-])|${WORD} ?:|${OPEN} ?${WORD} ?:? ?${CLOSE})`,
  "u",
);

/** Marks of bold, italics, deletion and code in a platform's text. */
const FORMAT = /[*_~`]/g;

/** Mark words without spaces, for comparison with misspelt ones. */
const SPELT = [
  "note",
  "notiz",
  "private",
  "privat",
  "internal",
  "intern",
  "internalnote",
  "privatenote",
  "internenotiz",
];
/** Words that begin notes in other habits and languages, but also many sentences for customers. */
const KIN =
  "notes|notizen|nota|notitie|interne[rs]?|intern[ao]|privad[ao]|privee?|remarks?|comments?|kommentar|anmerkung|vermerk|" +
  "hinweis|memo|to ?do|n\\.? ?b\\.?|draft|entwurf|vertraulich|confidential|team|colleagues|kolleg(?:en|innen)";
/** Words for somebody who is spoken about, not to. */
const ABOUT = "(?:he|she|they|his|her|their|him|customer|client|caller|er|kunde|kundin)";
/** The same, where a person must be meant: "our customer", but not "our customer service". */
const SOMEBODY =
  "(?:(?:he|she|they|his|her|their|him)\\b|(?:the|this|our) (?:customer|client|caller)\\b" +
  "(?! (?:services?|support|care|portal|hotline|number|id|account|area|cent(?:er|re)|team|app|data|desk|reviews?)\\b)|" +
  "(?:customer|client|caller) (?:is|was|has|had|says|claims|seems|lies|owes|wants)\\b)";
const COLLEAGUES = "(?:team|colleagues|kolleg(?:en|innen)|leute)";
const EVERYONE = `(?:${COLLEAGUES}|all|alle|everyone|everybody|guys|folks|support)`;
/** "Support note", "private Notiz". */
const WHOSE = "(?:agent|staff|team|support|case|desk|ops|internal|private|intern(?:e[rs]?)?|privat(?:e[rs]?)?)";

const LIKE: readonly RegExp[] = [
  // "Note -", "note.", "private (…", a mark's word alone; not "note-taking", "internal/external", or before a word.
  new RegExp(`^${WORD}(?! ?[\\p{L}\\p{N}]|[-'/][\\p{L}\\p{N}])`, "u"),
  // "Note he owes us 40", but not "Note that your parcel …" or a telephone called "Note 10".
  /^(?:note|notiz) (?=\p{L})(?!(?:that|also|down|your?|our|we|please)\b)/u,
  new RegExp(`^note (?:(?:that|also|please) )+(?:the |this |our )?${ABOUT}\\b`, "u"),
  new RegExp(`^(?:(?:please|kindly|pls) (?:also )?)?note:? (?:(?:that|also|please) )*${SOMEBODY}`, "u"),
  new RegExp(`^(?:private|privat|internal|intern(?:e[rs]?)?) (?:only|use|nur|info|${ABOUT})\\b`, "u"),
  new RegExp(`^${WHOSE}[ -](?:notes?|notiz(?:en)?|vermerk|kommentar|comment|memo|only)\\b`, "u"),
  // A word of their kind where a mark has its colon, bracket or slash.
  new RegExp(`^(?:${KIN}) ?:`, "u"),
  new RegExp(`^${OPEN}{1,2} ?(?:${WORD}|${KIN})${WORD_ENDS}`, "u"),
  // One slash, one backslash, one semicolon: half a mark, or a command that Slack did not take. "((so))" is an aside.
  /^(?:[/\\;]|::|\(\(|<!--)/u,
  new RegExp(`^[-#!.+~$%&=|^]${WORD}${WORD_ENDS}`, "u"),
  /^(?:🔐|🔏|📝|🤫|🤐|:lock)/u,
  // To a colleague by name, or to all of them.
  /^(?:(?:hey|hi|hallo|ok|cc|fyi|ping|and|und)[ ,:]+)?@(?: ?\p{L}|[\p{N}_])/u,
  new RegExp(`^${COLLEAGUES},`, "u"),
  new RegExp(
    `^(?:fyi|zur info|heads up|hey|hi|hello|hallo|liebe[rs]?|dear)[ ,:-]+(?:the |das |our )?${EVERYONE}\\b`,
    "u",
  ),
  new RegExp(`^(?:for|an|fue?rs?) (?:the |das |our |unser )?(?:internal|internen?|us only|${COLLEAGUES})\\b`, "u"),
  new RegExp(`^(?:fyi|zur info|heads up|btw)[ ,:-]+(?:the |this |der |die |diese[rs]? )?${ABOUT}\\b`, "u"),
  /^nur (?:intern|fue?r (?:uns|intern))/u,
  /^(?:not for|do not tell|don'?t tell|do not show|don'?t show|nicht fue?r|nicht an) (?:the |den |die )?(?:customer|client|kund)/u,
];

/** The audience of words in a case's thread. Takes time in proportion to the text. */
export function audienceOf(text: string): Audience {
  const [plain, like] = [foldText(text), foldLookalikes(text)];
  const lines = linesOf(plain);
  if (MARK.test((lines[0] ?? "").replaceAll(FORMAT, ""))) return "note";
  if (isAsked(lines) || hasMixedLabel(lines[0] ?? "")) return "ask";
  return like !== plain && isAsked(linesOf(like)) ? "ask" : "customer";
}

export const isNote = (text: string): boolean => audienceOf(text) === "note";

const isAsked = (lines: readonly string[]): boolean =>
  isLike(lines[0] ?? "") || lines.some((line) => hasMark(line) || hasInternalLabel(withoutOrnament(line)));

function isLike(line: string): boolean {
  if (SMILEY.test(line)) return false;
  const bare = withoutOrnament(line);
  // After a bullet or an emoji, one sign alone means nothing.
  const behind = bare !== line && !/^[/\\;](?! ?\p{L})/u.test(bare);
  return looksLike(line) || (behind && looksLike(bare));
}

const looksLike = (line: string): boolean =>
  LIKE.some((like) => like.test(line)) || hasNoteLabel(line) || isMisspelt(line);

/**
 * Marks in the middle of a line: "[note: …", ". // …" and "thanks /note …". Not "(Note: …)", which people write to
 * customers, and not the slash of an address or a path, which has something before it.
 */
const INSIDE = new RegExp(
  `[[【〔] ?${WORD} ?[:\\]】〕]|[.!?] //(?: |$)|(?<![\\p{L}\\p{N}/\\\\.:_-])/${WORD}(?![\\p{L}\\p{N}_/\\\\-])`,
  "u",
);
const hasMark = (line: string): boolean => MARK.test(withoutOrnament(line)) || INSIDE.test(line);

/** The text in the place of a mark's word, at most as long as the longest word with a few spaces. */
const LABEL = new RegExp(`^(?:/ ?|${OPEN} ?)?([\\p{L}\\p{N} .-]{2,20}?)(?: ?:|${CLOSE})`, "u");
const MIN_LABEL = 3;
/** Other words, one letter from a mark's. */
const OTHER_WORDS: ReadonlySet<string> = new Set(["noted", "none", "nope"]);

/** "Ntoe:", "n o t e:", "[nte]": one letter wrong. */
function isMisspelt(line: string): boolean {
  const label = LABEL.exec(line)?.[1]?.replaceAll(/[ .-]/g, "") ?? "";
  return label.length >= MIN_LABEL && !OTHER_WORDS.has(label) && SPELT.some((word) => distance(label, word, 1) <= 1);
}
