/** Reads `with:`, `set:` and `save:`. */
import { isMap, isScalar, isSeq } from "yaml";
import {
  type Entry,
  FORBIDDEN_NAMES,
  fault,
  isName,
  quoted,
  readList,
  readMap,
  readText,
  spoiled,
} from "../language/yaml-entry.ts";
import { readTemplate } from "../language/yaml-language.ts";
import type { Given } from "./definition.ts";
import { TAKEN_NAMES } from "./known-values.ts";

/** Reads a value. A text with `{{ }}` in it becomes a template, everything else a literal, list or map. */
function readGiven(entry: Entry): Given | null {
  if (spoiled(entry)) return null;
  if (isSeq(entry.node))
    return { kind: "list", items: (readList(entry) ?? []).map(readGiven).filter((item) => item !== null) };
  if (isMap(entry.node)) return { kind: "map", entries: readGivenMap(entry) };
  const value: unknown = isScalar(entry.node) ? entry.node.value : null;
  if (typeof value !== "string" || !/\{\{|\{%/.test(value)) return { kind: "literal", value };
  const template = readTemplate(entry);
  return template === null ? null : { kind: "template", template };
}

/** Reads `with:`, values by name; empty if the key is missing. */
export function readGivenMap(entry: Entry | undefined): Readonly<Record<string, Given>> {
  if (entry === undefined) return {};
  const pairs: [string, Given][] = [];
  for (const [name, value] of readMap(entry) ?? []) {
    if (FORBIDDEN_NAMES.has(name)) fault(value, "015", `"${name}" cannot be a name`, "key");
    const given = readGiven(value);
    if (given !== null) pairs.push([name, given]);
  }
  return Object.fromEntries(pairs);
}

/** Reads `set:`, values by dotted path. Names with a meaning of their own (`contact`, `now`) are refused. */
export function readSet(entry: Entry): Readonly<Record<string, Given>> | null {
  const fields = readMap(entry);
  if (fields === null) return null;
  if (fields.size === 0) return fault(entry, "006", "set: needs a name and a value");
  for (const [path, value] of fields) checkPath(path, value, "key");
  return readGivenMap(entry);
}

/** Reads `save:`, the name or dotted path under which a result is saved. */
export function readSave(entry: Entry): string | null {
  const path = readText(entry);
  return path !== null && checkPath(path, entry, "value") ? path : null;
}

function checkPath(path: string, entry: Entry, where: "key" | "value"): boolean {
  const root = path.split(".")[0] ?? "";
  if (!isValuePath(path)) {
    fault(
      entry,
      "015",
      `a value's name is words of letters, digits and _ with dots between; this is ${quoted(path)}`,
      where,
    );
    return false;
  }
  if (!TAKEN_NAMES.has(root)) return true;
  fault(entry, "015", `"${root}" has a meaning already; choose another name`, where);
  return false;
}

/** Tells whether a text is a dotted path of names, as `set:` and `save:` write them. */
export function isValuePath(text: string): boolean {
  return text.split(".").every((name) => isName(name) && !name.includes("-"));
}
