/** Finds the engine's own sentences for a customer's languages. */
import { englishSentences } from "./english.ts";
import { germanSentences } from "./german.ts";
import type { Sentences } from "./sentence-table.ts";

/** Sentences by primary language subtag; a language of its own is a file beside these and a row here. */
const SPOKEN = new Map<string, Sentences>([
  ["en", englishSentences],
  ["de", germanSentences],
]);

/** The sentences of the first language that is spoken here, else English. `languages`: BCP 47 tags, most wanted first. */
export function sentencesFor(languages: readonly string[]): Sentences {
  const tag = languages.find((one) => SPOKEN.has(primary(one)));
  return SPOKEN.get(primary(tag ?? "en")) ?? englishSentences;
}

const primary = (tag: string): string => tag.split("-")[0] ?? "";
