import { isMap } from "yaml";
import { patternFault } from "../language/pattern.ts";
import {
  type Entry,
  type Fields,
  fault,
  quoted,
  readBoolean,
  readDuration,
  readFields,
  readMap,
  readNumber,
  readOneOf,
  readText,
} from "../language/yaml-entry.ts";
import { isNothing } from "../language/yaml-file.ts";
import { readExpression, readTexts, reportSource } from "../language/yaml-language.ts";
import type { Field, FieldType, Step } from "./definition.ts";
import { MAX_TYPED_LENGTH } from "./field.ts";
import { CHECKED_VALUES } from "./known-values.ts";
import { type Act, optional } from "./parse-act.ts";
import { readOptions } from "./parse-ask.ts";
import { readSave } from "./parse-given.ts";
import { isValuePath, parseSteps, type StepReading } from "./parse-step.ts";
import { FIELD_TYPES, STEP_KEYS } from "./vocabulary.ts";

const DEFAULT_RETRIES = 2;
const MAX_RETRIES = 5;
/** Our own: a check of an order number is a dozen characters. */
const MAX_PATTERN_CHARACTERS = 200;

/** A pattern is asked of the whole value. */
const WHOLE = { before: "^(?:", after: ")$" };
/** In `id(…)`. */
const BEFORE_PATTERN = "id(".length;

const FIELD_KEYS = {
  what: "a field",
  known: ["type", "ask", "check", "check_say", "retries", "sensitive", "options"],
  required: ["type", "ask"],
};

/** `collect:` with its keys under it, or beside it. */
export function parseCollect({ act, fields, base, reading }: Act): Step | null {
  const inner = isMap(act.node) ? readFields(act, { what: "collect:", known: STEP_KEYS.collect }) : null;
  if (inner === null && !isNothing(act.node))
    return isMap(act.node) ? null : fault(act, "007", "collect: has its fields: under it, and no value of its own");
  const all = new Map([...fields, ...(inner ?? [])]);
  const listed = all.get("fields");
  if (listed === undefined) return fault(act, "006", "collect: needs fields:", "key");
  const read = readFormFields(listed, reading);
  const rest = {
    save: optional(all, "save", readSave),
    giveUpAfterMs: optional(all, "give_up_after", readDuration),
    onGiveUp: optional(all, "on_give_up", (entry) => parseSteps(entry, reading)),
  };
  return read === null ? null : { ...base, kind: "collect", fields: read, ...rest };
}

function readFormFields(entry: Entry, reading: StepReading): readonly Field[] | null {
  const listed = readMap(entry);
  if (listed?.size === 0) return fault(entry, "006", "fields: names at least one field");
  const fields = [...(listed ?? [])].map(([name, field]) => {
    if (isValuePath(name) && !name.includes(".")) return readField(name, field, reading);
    return fault(field, "015", `a field's name is a word of letters, digits and _; this is ${quoted(name)}`, "key");
  });
  return listed === null ? null : fields.filter((field) => field !== null);
}

function readField(name: string, entry: Entry, reading: StepReading): Field | null {
  const fields = readFields(entry, FIELD_KEYS);
  if (fields === null) return null;
  const type = optional(fields, "type", readType);
  const ask = optional(fields, "ask", readTexts);
  const rest = {
    check: optional(fields, "check", (check) => readExpression(check, CHECKED_VALUES, "bool")),
    checkSay: optional(fields, "check_say", readTexts),
    options: optional(fields, "options", (options) => readOptions(options, reading)) ?? [],
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

/** A type's name; `id(…)` holds the pattern that the whole value must match. */
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
