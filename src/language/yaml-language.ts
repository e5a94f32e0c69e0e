/** Reads conditions and texts from a YAML file. */
import { isMap } from "yaml";
import { compileExpression, type DeclaredFields } from "./cel.ts";
import type { Expression, SourceFault, Template } from "./expression.ts";
import { compileTemplate } from "./template.ts";
import { type Entry, fault, readMap, readText, spoiled } from "./yaml-entry.ts";
import { locator, report } from "./yaml-file.ts";

/** One text per language; the key "" holds a text given without a language. */
export type TextsByLanguage = Readonly<Record<string, Template>>;

/** Reads a CEL expression. A condition must be a `bool`. */
export function readExpression(entry: Entry, declared: DeclaredFields, wanted: "bool" | "any"): Expression | null {
  const source = readText(entry);
  if (source === null || entry.node === null) return null;
  const locate = locator(entry.yaml, entry.node);
  const compiled = compileExpression(source, { declared, wanted, locate });
  return compiled.ok ? compiled.value : reportSource(entry, "011", compiled.fault);
}

/** Reads a Liquid text. */
export function readTemplate(entry: Entry): Template | null {
  const source = readText(entry);
  if (source === null || entry.node === null) return null;
  const compiled = compileTemplate(source, { locate: locator(entry.yaml, entry.node) });
  return compiled.ok ? compiled.value : reportSource(entry, "012", compiled.fault);
}

/** Reads one text, or one per language. */
export function readTexts(entry: Entry): TextsByLanguage | null {
  if (spoiled(entry)) return null;
  if (!isMap(entry.node)) {
    const template = readTemplate(entry);
    return template === null ? null : { "": template };
  }
  const texts: Record<string, Template> = {};
  for (const [language, text] of readMap(entry) ?? []) {
    if (!isLanguage(language)) {
      fault(text, "005", `"${language}" is no language; write a code like en or de`, "key");
      continue;
    }
    const template = readTemplate(text);
    if (template !== null) texts[language] = template;
  }
  return Object.keys(texts).length === 0 ? null : texts;
}

/** Accepts the part of BCP 47 by which texts are chosen: a primary subtag, and any subtags after it. */
function isLanguage(text: string): boolean {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text);
}

/** Reports a fault at its place within the entry's text. */
export function reportSource(entry: Entry, number: string, found: SourceFault): null {
  const at = entry.node === null ? entry.at : locator(entry.yaml, entry.node)(found.offset);
  report(entry.yaml, { at, number: found.number ?? number, message: found.message });
  return null;
}
