/** What customers say beside an answer, read by patterns: English and German, whole messages only. */
import { toNormalForm } from "../../domain/normal-form.ts";

export type Intent =
  /** "Give me a moment." */
  | { kind: "moment" }
  /** "What was the question?" */
  | { kind: "repeat" }
  /** "Why do you need that?" */
  | { kind: "why" }
  /** "Never mind." */
  | { kind: "cancel" }
  /** "I'd rather not say." */
  | { kind: "refuse" }
  /** "No, I meant the blue one." `rest`: what is meant. */
  | { kind: "correct"; rest: string };

/** Longest text that is read for these, characters: a longer one says more than one of them. */
const READ = 160;

const PATTERNS: readonly (readonly [Exclude<Intent["kind"], "correct">, RegExp])[] = [
  [
    "moment",
    /^(?:(?:just |please |ok(?:ay)?[ ,]+)?(?:(?:give me |one |a |wait a )+(?:moment|minute|min|second|sec)|hold on|hang on|wait|let me (?:think|check|look)(?: about (?:it|that))?|brb|(?:einen |nen |kurz(?:en)? )?moment|warte(?:n sie)?(?: kurz)?|sekunde|ich (?:muss|schaue) (?:kurz )?(?:überlegen|nachdenken|nachsehen|nachschauen|nach))(?: please| bitte| mal)?)$/u,
  ],
  [
    "repeat",
    /^(?:(?:can you |could you |please )?(?:repeat|say)(?: that| it| the question)?(?: again)?(?: please)?|what(?: was| is) (?:the|your) question|sorry what|what did you (?:say|ask)|noch ?mal(?: bitte)?|wie bitte|was war die frage|(?:können sie |kannst du )?das (?:bitte )?wiederholen)$/u,
  ],
  [
    "why",
    /^(?:(?:but )?why(?: do you (?:need|want|ask)[\p{L} ]{0,40}| is (?:that|this)[\p{L} ]{0,40}| should i[\p{L} ]{0,40})?|what for|what do you need [\p{L} ]{0,20}for|(?:aber )?(?:warum|wieso|weshalb|wozu)[\p{L} ]{0,50})$/u,
  ],
  [
    "cancel",
    /^(?:(?:no |ok(?:ay)? |oh |actually |ah )*(?:never ?mind|nvm|forget (?:it|about it|that)|drop it|leave it|(?:let s |please )?(?:stop|abort|quit)(?: (?:this|that|it|here))?|i (?:don t|do not) want (?:to|this|that|it)(?: any ?more)?(?: do (?:this|that|it))?(?: any ?more)?|i changed my mind|i ve changed my mind|schon gut|vergiss es|vergessen sie es|abbrechen|(?:lassen sie|lass) (?:es|das)(?: sein)?|doch nicht|hat sich erledigt|ich hab(?:e)? es mir anders überlegt))$/u,
  ],
  [
    "refuse",
    /^(?:(?:no |sorry )*(?:i (?:d |would )?(?:rather|prefer)(?: to)? not(?: (?:say|tell|to say|to tell|answer))?(?: you)?|i (?:won t|will not|don t want to|do not want to|can t|cannot) (?:say|tell|give|share|answer)[\p{L} ]{0,40}|none of your business|that s private|no comment|(?:das )?(?:sage|verrate) ich (?:ihnen |dir )?nicht|(?:das )?möchte ich (?:lieber )?nicht (?:sagen|angeben)|geht (?:sie|dich) nichts an))$/u,
  ],
];

const CORRECTION =
  /^(?:(?:no|nope|wrong|sorry|oops|wait|actually|nein|falsch|halt|moment)[\s,.!:;–-]+)+(?:i (?:meant|mean)|it(?:'s|’s| is)|make (?:it|that)|ich meinte|ich meine|es ist|lieber|rather|better)?[\s,:]*(.{1,120})$/isu;

/** The intent of a whole message; null: none of these. */
export function intentOf(text: string): Intent | null {
  if (text.length > READ) return null;
  const plain = toNormalForm(text.toLowerCase(), "NFC")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  const found = PATTERNS.find(([, pattern]) => pattern.test(plain));
  if (found !== undefined) return { kind: found[0] };
  const rest = CORRECTION.exec(text.trim())?.[1]?.trim() ?? "";
  return rest === "" ? null : { kind: "correct", rest };
}
