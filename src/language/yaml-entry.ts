/** Reads values from a YAML file that an admin wrote. A value that does not fit is reported and read as null. */
import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Position } from "./diagnostic.ts";
import { DURATION_EXAMPLES, durationMs } from "./duration.ts";
import { positionAt } from "./position.ts";
import { didYouMean } from "./suggest.ts";
import { isFull, isNothing, isSpoiled, keyName, report, type YamlFile } from "./yaml-file.ts";

/** A value in a file, with its path ("steps.3.save"). */
export interface Entry {
  yaml: YamlFile;
  path: string;
  /** The last part of the path. */
  name: string;
  node: Node | null;
  /** Position of the key, or of the item if the value is in a list. */
  keyAt: Position;
  /** Position of the value, or of the key if there is no value. */
  at: Position;
}

/** The entries of a mapping by key, in the file's order. */
export type Fields = ReadonlyMap<string, Entry>;

export interface KnownKeys {
  known: readonly string[];
  /** Keys that a later version will know; they are refused by name. */
  later?: readonly string[];
  required?: readonly string[];
  /** Name of the thing being read, for messages: "a step". */
  what: string;
}

export function rootEntry(yaml: YamlFile, root: Node): Entry {
  const at = positionAt(yaml.source, root.range?.[0] ?? 0);
  return { yaml, path: "", name: "", node: root, keyAt: at, at };
}

/** Adds a diagnostic at the entry's value (or its key). */
export function fault(entry: Entry, number: string, message: string, where: "key" | "value" = "value"): null {
  report(entry.yaml, { at: where === "key" ? entry.keyAt : entry.at, number, message });
  return null;
}

/** Tells whether a fault has been reported for the whole entry already. */
export function spoiled(entry: Entry): boolean {
  return entry.node !== null && isSpoiled(entry.yaml, entry.node);
}

/** Reads the entries of a mapping with any keys. */
export function readMap(entry: Entry): Fields | null {
  if (spoiled(entry)) return null;
  if (!isMap(entry.node)) return wrongKind(entry, "keys with values under it");
  const fields = new Map<string, Entry>();
  for (const pair of entry.node.items) {
    const key = pair.key as Node | null;
    if (!isScalar(key)) {
      report(entry.yaml, {
        at: key?.range?.[0] ?? entry.node.range?.[0] ?? 0,
        number: "007",
        message: "a key must be a plain word",
      });
      continue;
    }
    const name = keyName(key);
    fields.set(name, child(entry, name, { node: pair.value as Node | null, start: key.range?.[0] ?? 0 }));
  }
  return fields;
}

/** Reads the entries of a mapping with known keys; every other key is reported. */
export function readFields(entry: Entry, keys: KnownKeys): Fields | null {
  const fields = readMap(entry);
  if (fields === null) return null;
  checkKeys(fields, keys);
  for (const name of keys.required ?? []) {
    if (!fields.has(name)) fault(entry, "006", `${keys.what} needs ${name}:`, "key");
  }
  return fields;
}

export function checkKeys(fields: Fields, keys: KnownKeys): void {
  for (const [name, field] of fields) {
    // A full list shows no more faults, and the search for the key that was meant takes time.
    if (isFull(field.yaml)) return;
    if (keys.known.includes(name)) continue;
    if (keys.later?.includes(name)) fault(field, "008", `${name}: is not supported yet`, "key");
    else
      fault(
        field,
        "005",
        `${keys.what} has no key ${name}:${didYouMean(name, [...keys.known, ...(keys.later ?? [])])}`,
        "key",
      );
  }
}

/** Reads the items of a list. */
export function readList(entry: Entry): readonly Entry[] | null {
  if (spoiled(entry)) return null;
  if (!isSeq(entry.node)) return wrongKind(entry, "a list (lines that begin with a dash)");
  return entry.node.items.map((item, index) => {
    const node = item as Node | null;
    return child(entry, String(index), { node, start: node?.range?.[0] ?? entry.node?.range?.[0] ?? 0 });
  });
}

/** Reads a list, or one item without a dash. */
export function readListOrOne(entry: Entry): readonly Entry[] | null {
  return isSeq(entry.node) ? readList(entry) : spoiled(entry) ? null : [entry];
}

/** Reads a text. A number or `true` is one too, spelt as in the file. */
export function readText(entry: Entry): string | null {
  if (spoiled(entry)) return null;
  if (!isScalar(entry.node) || isNothing(entry.node)) return wrongKind(entry, "a text");
  const { value, source } = entry.node;
  return typeof value === "string" ? value : (source ?? String(value));
}

/** Reads a name by which other parts of the content refer to something. */
export function readName(entry: Entry, what: string): string | null {
  const text = readText(entry);
  if (text === null) return null;
  if (isName(text)) return text;
  return fault(entry, "015", `${what} is a word of letters, digits, - and _, at most 64; this is ${quoted(text)}`);
}

/** Tells whether a text is a name. Names become keys of objects, so `FORBIDDEN_NAMES` are refused. */
export function isName(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u.test(text) && !FORBIDDEN_NAMES.has(text);
}

export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function readBoolean(entry: Entry): boolean | null {
  if (spoiled(entry)) return null;
  if (isScalar(entry.node) && typeof entry.node.value === "boolean") return entry.node.value;
  return wrongKind(entry, "true or false");
}

/** Reads a whole number within bounds, both included. */
export function readNumber(entry: Entry, bounds: { min: number; max: number }): number | null {
  if (spoiled(entry)) return null;
  const value = isScalar(entry.node) ? entry.node.value : null;
  if (typeof value === "number" && Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  return wrongKind(entry, `a whole number from ${bounds.min} to ${bounds.max}`);
}

/** Reads a number within bounds, both included; it may have decimals. */
export function readDecimal(entry: Entry, bounds: { min: number; max: number }): number | null {
  if (spoiled(entry)) return null;
  const value = isScalar(entry.node) ? entry.node.value : null;
  if (typeof value === "number" && value >= bounds.min && value <= bounds.max) return value;
  return wrongKind(entry, `a number from ${bounds.min} to ${bounds.max}`);
}

/** Reads a duration; the result is in milliseconds. */
export function readDuration(entry: Entry): number | null {
  const text = readText(entry);
  if (text === null) return null;
  return durationMs(text) ?? fault(entry, "013", `${quoted(text)} is no duration; write ${DURATION_EXAMPLES}`);
}

/** Reads one of a fixed list of words; words of `later` are refused by name. */
export function readOneOf<Word extends string>(
  entry: Entry,
  words: readonly Word[],
  later: readonly string[] = [],
): Word | null {
  const text = readText(entry);
  if (text === null) return null;
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  if (later.includes(text)) return fault(entry, "008", `${entry.name}: ${text} is not supported yet`);
  return fault(
    entry,
    "014",
    `${entry.name}: is one of ${words.join(", ")}; this is ${quoted(text)}${didYouMean(text, words)}`,
  );
}

/** Reads a value as plain JSON, without checking it. */
export function plainValue(entry: Entry): unknown {
  if (isMap(entry.node))
    return Object.fromEntries([...(readMap(entry) ?? [])].map(([name, field]) => [name, plainValue(field)]));
  if (isSeq(entry.node)) return (readList(entry) ?? []).map(plainValue);
  return isScalar(entry.node) ? entry.node.value : null;
}

function wrongKind(entry: Entry, wanted: string): null {
  const name = entry.name === "" || /^\d+$/.test(entry.name) ? "this" : `${entry.name}:`;
  return fault(entry, "007", `${name} must be ${wanted}, not ${kindOf(entry.node)}`);
}

function kindOf(node: Node | null): string {
  if (isNothing(node)) return "empty";
  if (isMap(node)) return "keys with values";
  if (isSeq(node)) return "a list";
  return isScalar(node) ? quoted(String(node.value)) : "that";
}

export function quoted(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `"${shown.replaceAll("\n", " ")}"`;
}

/** A key as part of a path. Its dots are escaped in the way of a JSON pointer: "1.5" becomes "1~15". */
export function pathPart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll(".", "~1");
}

function child(parent: Entry, name: string, given: { node: Node | null; start: number }): Entry {
  const { yaml } = parent;
  const path = parent.path === "" ? pathPart(name) : `${parent.path}.${pathPart(name)}`;
  const keyAt = positionAt(yaml.source, given.start);
  const written =
    given.node !== null && given.node.range !== undefined && given.node.range !== null && !isNothing(given.node);
  const at = written ? positionAt(yaml.source, given.node?.range?.[0] ?? 0) : keyAt;
  yaml.places.set(path, { key: keyAt, value: at });
  return { yaml, path, name, node: given.node, keyAt, at };
}
