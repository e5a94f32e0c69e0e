import type { Template } from "./expression.ts";
import type { TextsByLanguage } from "./yaml-language.ts";

/** The text in the first of these languages (BCP 47) that exists, else the one without a language, else the first. */
export function textFor(texts: TextsByLanguage, languages: readonly string[]): Template | undefined {
  const wanted = [...languages.flatMap((tag) => [tag, tag.split("-")[0] ?? tag]), ""];
  const found = wanted.find((tag) => Object.hasOwn(texts, tag));
  return found === undefined ? Object.values(texts)[0] : texts[found];
}
