/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { isMap, isSeq } from "yaml";
import { PERSON_OPTION } from "../domain/option.ts";
import {
  type Entry,
  fault,
  isName,
  quoted,
  readBoolean,
  readFields,
  readList,
  readListOrOne,
  readMap,
  readName,
  readText,
} from "../language/yaml-entry.ts";
import { readTexts } from "../language/yaml-language.ts";
import type { Option } from "./definition.ts";
import { optional, type ReadSteps } from "./step-entry.ts";

const OPTION_KEYS = { what: "an option", known: ["label", "aliases", "destructive", "then"], later: ["hint"] };

/** Reads options: `id: label`, `id: { label: …, then: … }`, or a list of `{ id: …, label: … }`. */
export function readOptions(entry: Entry, readSteps: ReadSteps): readonly Option[] | null {
  const options = isSeq(entry.node) ? readOptionList(entry, readSteps) : readOptionMap(entry, readSteps);
  if (options?.length === 0 && (isSeq(entry.node) || isMap(entry.node))) {
    const empty = isSeq(entry.node) || isMap(entry.node) ? entry.node.items.length === 0 : false;
    if (empty) fault(entry, "006", "options: names at least one option");
  }
  return options;
}

function readOptionMap(entry: Entry, readSteps: ReadSteps): readonly Option[] | null {
  const fields = readMap(entry);
  if (fields === null) return null;
  const options = [...fields].map(([id, value]) => {
    if (!checkId(id, value, "key")) return null;
    const details = isMap(value.node) && hasLabel(value);
    return details ? readOption(id, value, readSteps) : readLabel(id, value);
  });
  return options.filter((option) => option !== null);
}

function readOptionList(entry: Entry, readSteps: ReadSteps): readonly Option[] | null {
  const ids = new Set<string>();
  const options = (readList(entry) ?? []).map((item) => {
    const fields = readFields(item, { ...OPTION_KEYS, known: ["id", ...OPTION_KEYS.known], required: ["id", "label"] });
    const idEntry = fields?.get("id");
    const id = idEntry === undefined ? null : readName(idEntry, "an option's id");
    if (idEntry === undefined || id === null || !checkId(id, idEntry, "value")) return null;
    if (ids.has(id)) return fault(idEntry, "015", `another option has the id "${id}" already`);
    ids.add(id);
    return readOption(id, item, readSteps, true);
  });
  return options.filter((option) => option !== null);
}

function checkId(id: string, entry: Entry, where: "key" | "value"): boolean {
  if (id === PERSON_OPTION) fault(entry, "015", `"${PERSON_OPTION}" is the option numbered 0 already`, where);
  else if (!isName(id))
    fault(entry, "015", `an option's id is a word of letters, digits, - and _; this is ${quoted(id)}`, where);
  else return true;
  return false;
}

function hasLabel(entry: Entry): boolean {
  return isMap(entry.node) && (entry.node.has("label") || entry.node.has("then") || entry.node.has("aliases"));
}

function readLabel(id: string, entry: Entry): Option | null {
  const label = readTexts(entry);
  return label === null ? null : { id, label, aliases: [], destructive: false, then: null };
}

function readOption(id: string, entry: Entry, readSteps: ReadSteps, listed = false): Option | null {
  const fields = listed ? readMap(entry) : readFields(entry, { ...OPTION_KEYS, required: ["label"] });
  if (fields === null) return null;
  const label = optional(fields, "label", readTexts);
  const rest = {
    aliases: optional(fields, "aliases", readAliases) ?? [],
    destructive: optional(fields, "destructive", readBoolean) ?? false,
    then: optional(fields, "then", readSteps),
  };
  return label === null ? null : { id, label, ...rest };
}

function readAliases(entry: Entry): readonly string[] | null {
  return (
    readListOrOne(entry)
      ?.map(readText)
      .filter((text) => text !== null) ?? null
  );
}
