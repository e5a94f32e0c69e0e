/** Choosing a procedure by the words of its trigger, without a model. Deterministic: shared words decide. */
import { toNormalForm } from "../../domain/normal-form.ts";
import type { Procedure, ProcedureTrigger } from "../definition.ts";

/** Least likeness to an example at which a procedure is meant; measured on the shipped files and their examples. */
const MEANT = 0.5;
/** A procedure this much less like the words than the best one is no candidate. */
const NEAR = 0.15;
/** Longest text that is compared, characters. */
const COMPARED = 500;

/** Ids of the procedures that the words may mean, the likeliest first; several if the words fit them alike. */
export function matching(procedures: readonly Procedure[], text: string): readonly string[] {
  const words = stems(text);
  const scored = procedures
    .map(({ id, trigger }) => ({ id, score: scoreOf(trigger, words) }))
    .filter(({ score }) => score >= MEANT)
    .toSorted((one, other) => other.score - one.score);
  const best = scored[0]?.score ?? 0;
  return scored.filter(({ score }) => best - score < NEAR).map(({ id }) => id);
}

/** The likeness to the nearest example; 0 where a counter-example is nearer. */
function scoreOf({ examples, counterExamples }: ProcedureTrigger, words: ReadonlySet<string>): number {
  const most = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => likeness(words, stems(text))));
  const best = most(examples);
  return most(counterExamples) >= best ? 0 : best;
}

/** Shared words, of the geometric mean of both numbers of words (Ochiai): 0 to 1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 || other.size === 0) return 0;
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / Math.sqrt(one.size * other.size);
}

/** Words that say nothing about the matter, English and German. */
const IDLE = new Set(
  (
    "a an the i me my mine we our you your it its is am are was were be been do does did have has had can could will would " +
    "to of in on at for from with and or so please hi hello hey how what where when this that these there just want need " +
    "like get got im ive id ich du er sie es wir ihr mein meine meinen meiner mir mich der die das ein eine einen einem und " +
    "oder zu in im am auf für von mit bitte hallo wie was wo wann ist sind war bin habe hat haben kann können will möchte " +
    "mochte würde gerne"
  ).split(" "),
);

/** Endings that are taken off, the longest first, where at least four letters are left. */
const ENDINGS = [
  "ungen",
  "ation",
  "ieren",
  "ings",
  "ung",
  "ing",
  "ern",
  "est",
  "ed",
  "es",
  "en",
  "er",
  "em",
  "e",
  "s",
  "n",
];

/** The words of a text without their endings and without idle ones. */
function stems(text: string): ReadonlySet<string> {
  const plain = toNormalForm(text.slice(0, COMPARED).toLowerCase(), "NFKD").replaceAll(/\p{M}|['’]/gu, "");
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !IDLE.has(word)).map(stem));
}

function stem(word: string): string {
  const ending = ENDINGS.find((one) => word.endsWith(one) && word.length - one.length >= 4);
  const bare = ending === undefined ? word : word.slice(0, -ending.length);
  // "cancelled" and "cancel", "stopping" and "stop".
  return bare.replace(/([^aeiou])\1$/u, "$1");
}
