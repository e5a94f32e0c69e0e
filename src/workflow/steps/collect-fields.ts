/** Reads the `fields:` of a form. */
import { patternFault } from "../../language/pattern.ts";
import {
  type Entry,
  type Fields,
  fault,
  quoted,
  readBoolean,
  readFields,
  readMap,
  readNumber,
  readOneOf,
  readText,
} from "../../language/yaml-entry.ts";
import { readExpression, readTexts, reportSource } from "../../language/yaml-language.ts";
import type { Field, FieldType } from "../definition.ts";
import { MAX_TYPED_LENGTH } from "../field.ts";
import { CHECKED_VALUES } from "../known-values.ts";
import { isValuePath } from "../parse-given.ts";
import { readOptions } from "../parse-options.ts";
import { optional, type ReadSteps } from "../step-entry.ts";
import { FIELD_TYPES } from "../vocabulary.ts";

const DEFAULT_RETRIES = 2;
const MAX_RETRIES = 5;
/** Our own limit; a pattern for an order number has a dozen characters. */
const MAX_PATTERN_CHARACTERS = 200;

/** Makes a pattern match the whole value. */
const WHOLE = { before: "^(?:", after: ")$" };
/** Offset of the pattern in `id(…)`. */
const BEFORE_PATTERN = "id(".length;

const FIELD_KEYS = {
  what: "a field",
  known: ["type", "ask", "check", "check_say", "retries", "sensitive", "options"],
  required: ["type", "ask"],
};

/** Reads `fields:`. */
export function readFormFields(entry: Entry, readSteps: ReadSteps): readonly Field[] | null {
  const listed = readMap(entry);
  if (listed?.size === 0) return fault(entry, "006", "fields: names at least one field");
  const fields = [...(listed ?? [])].map(([name, field]) => {
    if (isValuePath(name) && !name.includes(".")) return readField(name, field, readSteps);
    return fault(field, "015", `a field's name is a word of letters, digits and _; this is ${quoted(name)}`, "key");
  });
  return listed === null ? null : fields.filter((field) => field !== null);
}

function readField(name: string, entry: Entry, readSteps: ReadSteps): Field | null {
  const fields = readFields(entry, FIELD_KEYS);
  if (fields === null) return null;
  const type = optional(fields, "type", readType);
  const ask = optional(fields, "ask", readTexts);
  const rest = {
    check: optional(fields, "check", (check) => readExpression(check, CHECKED_VALUES, "bool")),
    checkSay: optional(fields, "check_say", readTexts),
    options: optional(fields, "options", (options) => readOptions(options, readSteps)) ?? [],
    retries:
      optional(fields, "retries", (retries) => readNumber(retries, { min: 0, max: MAX_RETRIES })) ?? DEFAULT_RETRIES,
    sensitive: optional(fields, "sensitive", readBoolean) ?? false,
  };
  if (type !== null) checkOptions(entry, { fields, type: type.type });
  return type === null || ask === null ? null : { name, ...type, ask, ...rest };
}

function checkOptions(entry: Entry, { fields, type }: { fields: Fields; type: FieldType }): void {
  const options = fields.get("options");
  if (type === "choice" && options === undefined) fault(entry, "006", "a field of type choice needs options:", "key");
  if (type !== "choice" && options !== undefined)
    fault(options, "005", `only a field of type choice has options:, this is ${type}`, "key");
}

/** Reads the name of a type; `id(…)` holds the pattern that the whole value must match. */
function readType(entry: Entry): { type: FieldType; pattern: RegExp | null } | null {
  const text = readText(entry);
  const body = text === null ? undefined : /^id\((.*)\)$/s.exec(text)?.[1];
  if (body === undefined) {
    const type = readOneOf(entry, FIELD_TYPES);
    if (type === "id") return fault(entry, "014", "type: id holds its pattern, as in id([0-9]{6})");
    return type === null ? null : { type, pattern: null };
  }
  if (body.length > MAX_PATTERN_CHARACTERS)
    return fault(entry, "014", `a pattern may have ${MAX_PATTERN_CHARACTERS} characters`);
  const slow = patternFault(`${WHOLE.before}${body}${WHOLE.after}`, MAX_TYPED_LENGTH);
  if (slow !== null) {
    const within = Math.max(0, slow.offset - WHOLE.before.length);
    return reportSource(entry, "014", { ...slow, offset: BEFORE_PATTERN + within });
  }
  return { type: "id", pattern: new RegExp(`${WHOLE.before}${body}${WHOLE.after}`, "u") };
}
