/** Finds the procedure engine's own sentences for a customer's languages. */
import { englishProcedureSentences } from "./english.ts";
import { germanProcedureSentences } from "./german.ts";
import type { OwnSentences } from "./own-sentences.ts";

const SPOKEN = new Map<string, OwnSentences>([
  ["en", englishProcedureSentences],
  ["de", germanProcedureSentences],
]);

/** The sentences in the first of these languages (BCP 47 tags) that there is, else in English. */
export function procedureSentences(languages: readonly string[]): OwnSentences {
  const tags = languages.map((tag) => tag.split("-")[0] ?? tag);
  const found = tags.find((tag) => SPOKEN.has(tag));
  return (found === undefined ? undefined : SPOKEN.get(found)) ?? englishProcedureSentences;
}
