/** W118: a value is compared only with texts that it can be. */
import type { ValueType } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import { namesFromOutside } from "./calls.ts";
import { KNOWN_VALUES } from "./known-values.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { expressionsOf } from "./readers.ts";
import { rootOf, type Setting } from "./setting.ts";
import { definitionOf } from "./step-kinds.ts";

interface Words {
  settings: readonly Setting[];
  outside: ReadonlySet<string>;
}

export function lintWords(subject: Subject): void {
  const { workflow, world } = subject;
  const known: Words = {
    settings: subject.steps.flatMap(({ step }) => definitionOf(step.kind).settings(step, world)),
    outside: namesFromOutside(workflow, world),
  };
  for (const { step } of subject.steps) {
    for (const { path, text, position } of expressionsOf(step).flatMap(({ comparisons }) => comparisons)) {
      const why = stranger(known, path.join("."), text);
      if (why !== null) find(subject, position, "W118", why);
    }
    for (const { path, text, keys } of definitionOf(step.kind).comparisons?.(step) ?? []) {
      const why = stranger(known, path, text);
      if (why !== null) find(subject, placeOf(subject, step, keys, "key"), "W118", why);
    }
  }
}

/** The message if a value can never be this text; null if it can, or if its values are not known. */
function stranger(known: Words, path: string, text: string): string | null {
  const words = wordsOf(known, path, new Set());
  if (words === null || words.includes(text)) return null;
  return `${path} is never "${text}"; it is one of ${words.join(", ")}${didYouMean(text, words)}`;
}

/** All texts that the value under a path can be; null if they are not known. */
function wordsOf(known: Words, path: string, seen: Set<string>): readonly string[] | null {
  const root = rootOf(path);
  if (seen.has(path)) return [];
  seen.add(path);
  if (known.outside.has(root) || (root !== "choice" && Object.hasOwn(KNOWN_VALUES, root))) return null;
  const words: string[] = [];
  // A setting of a part of the value, or of a value around it, counts too.
  const setters = known.settings.filter(
    (setting) => setting.path === path || path.startsWith(`${setting.path}.`) || setting.path.startsWith(`${path}.`),
  );
  if (setters.length === 0) return null;
  for (const setting of setters) {
    const own = fromSetting(known, { setting, path, seen });
    if (own === null) return null;
    words.push(...own);
  }
  return [...new Set(words)];
}

function fromSetting(known: Words, o: { setting: Setting; path: string; seen: Set<string> }): readonly string[] | null {
  const { setting, path, seen } = o;
  if (setting.source.kind === "schema") return fromSchema(setting.source.schema, path.slice(setting.path.length + 1));
  if (setting.path !== path) return null;
  switch (setting.source.kind) {
    case "words":
      return setting.source.words;
    case "path":
      return wordsOf(known, setting.source.path, seen);
    case "open":
      return null;
  }
}

function fromSchema(schema: ValueType, path: string): readonly string[] | null {
  if (path === "") return schema.type === "enum" ? schema.values : null;
  const [name = "", ...rest] = path.split(".");
  const field = schema.type === "object" && Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
  return field === undefined ? null : fromSchema(field.value, rest.join("."));
}
