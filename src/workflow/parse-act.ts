/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { isMap } from "yaml";
import {
  type Entry,
  type Fields,
  fault,
  quoted,
  readDuration,
  readFields,
  readListOrOne,
  readMap,
  readName,
  readOneOf,
  readText,
} from "../language/yaml-entry.ts";
import { isNothing } from "../language/yaml-file.ts";
import { readExpression, readTemplate, readTexts } from "../language/yaml-language.ts";
import type { Step, StepKind, Texts } from "./definition.ts";
import { KNOWN_VALUES } from "./known-values.ts";
import { parseAsk } from "./parse-ask.ts";
import { parseCollect } from "./parse-collect.ts";
import { readGivenMap, readSave, readSet } from "./parse-given.ts";
import { parseSteps, type StepBase, type StepReading } from "./parse-step.ts";
import { PRIORITIES, RESOLUTIONS } from "./vocabulary.ts";

/** One step being read: its kind, the value under that key, and all its keys. */
export interface Act {
  kind: StepKind;
  act: Entry;
  fields: Fields;
  base: StepBase;
  reading: StepReading;
}

/** What a step does. null where it could not be read, which has been reported. */
export function parseAct(at: Act): Step | null {
  switch (at.kind) {
    case "say":
      return parseSay(at);
    case "ask":
      return parseAsk(at);
    case "collect":
      return parseCollect(at);
    case "if":
      return parseIf(at);
    case "switch":
      return parseSwitch(at);
    case "set":
      return built(readSet(at.act), (values) => ({ ...at.base, kind: "set", values }));
    case "tag":
      return parseTag(at);
    case "note":
      return built(readTemplate(at.act), (text) => ({ ...at.base, kind: "note", text }));
    case "use":
      return parseUse(at);
    case "workflow":
      return built(readName(at.act, "a workflow's id"), (workflow) => ({
        ...at.base,
        kind: "workflow",
        workflow,
        with: readGivenMap(at.fields.get("with")),
      }));
    case "handoff":
      return parseHandoff(at);
    case "wait":
      return parseWait(at);
    case "close":
      return parseClose(at);
    case "goto":
      return built(readName(at.act, "a step's id"), (target) => ({ ...at.base, kind: "goto", target }));
    case "stop":
      return parseStop(at);
  }
}

/** A step, where its one needed value could be read. */
export function built<Value>(value: Value | null, build: (value: Value) => Step): Step | null {
  return value === null ? null : build(value);
}

/** An optional key, read where it is there. */
export function optional<Value>(fields: Fields, key: string, read: (entry: Entry) => Value | null): Value | null {
  const entry = fields.get(key);
  return entry === undefined ? null : read(entry);
}

function parseSay({ act, fields, base }: Act): Step | null {
  const text = readTexts(act);
  const channels = optional(fields, "per_channel", readMap) ?? new Map<string, Entry>();
  const variants = [...channels].map(([name, entry]): [string, Texts | null] => [name, readTexts(entry)]);
  const perChannel = Object.fromEntries(variants.filter((pair): pair is [string, Texts] => pair[1] !== null));
  return built(text, (given) => ({ ...base, kind: "say", text: given, perChannel }));
}

function parseIf({ act, fields, base, reading }: Act): Step | null {
  const condition = readExpression(act, KNOWN_VALUES, "bool");
  if (!fields.has("then")) fault(act, "006", "if: with else: needs then: as well", "key");
  const then = optional(fields, "then", (entry) => parseSteps(entry, reading)) ?? [];
  const otherwise = optional(fields, "else", (entry) => parseSteps(entry, reading)) ?? [];
  return built(condition, (given) => ({ ...base, kind: "if", condition: given, then, else: otherwise }));
}

function parseSwitch({ act, fields, base, reading }: Act): Step | null {
  const value = readExpression(act, KNOWN_VALUES, "any");
  if (!fields.has("cases")) fault(act, "006", "switch: needs cases:", "key");
  const cases = [...(optional(fields, "cases", readMap) ?? [])].map(
    ([name, entry]) => [name, parseSteps(entry, reading) ?? []] as const,
  );
  const otherwise = optional(fields, "else", (entry) => parseSteps(entry, reading)) ?? [];
  return built(value, (given) => ({
    ...base,
    kind: "switch",
    value: given,
    cases: Object.fromEntries(cases),
    else: otherwise,
  }));
}

function parseTag({ act, base }: Act): Step | null {
  const add = (readListOrOne(act) ?? []).map(readTemplate).filter((tag) => tag !== null);
  return add.length === 0 ? null : { ...base, kind: "tag", add };
}

function parseUse({ act, fields, base }: Act): Step | null {
  const save = optional(fields, "save", readSave);
  const given = readGivenMap(fields.get("with"));
  const text = readText(act);
  if (text === null) return null;
  const [connector = "", operation = "", ...more] = text.split(".");
  if (connector === "" || operation === "" || more.length > 0) {
    return fault(
      act,
      "014",
      `use: names a connector and its operation, as in crm.get_account; this is ${quoted(text)}`,
    );
  }
  return { ...base, kind: "use", connector, operation, with: given, save };
}

function parseHandoff({ act, fields, base }: Act): Step | null {
  const priority = optional(fields, "priority", (entry) => readOneOf(entry, PRIORITIES));
  const say = optional(fields, "say", readTexts);
  const summary = optional(fields, "summary", readTemplate);
  return built(readName(act, "a queue"), (queue) => ({ ...base, kind: "handoff", queue, priority, say, summary }));
}

/** `wait: 10m`, or `wait: { for: 10m, unless: replied }`, or the two keys beside it. */
function parseWait({ act, fields, base }: Act): Step | null {
  const inner = isMap(act.node) ? readFields(act, { what: "wait:", known: ["for", "unless"], later: ["until"] }) : null;
  const all = new Map([...fields, ...(inner ?? [])]);
  const unlessReplied = optional(all, "unless", (entry) => readOneOf(entry, ["replied"])) !== null;
  const duration = all.get("for") ?? act;
  if (duration === act && isMap(act.node))
    return inner?.size === 0 || all.has("unless") ? fault(act, "006", "wait: needs for:", "key") : null;
  return built(readDuration(duration), (forMs) => ({ ...base, kind: "wait", forMs, unlessReplied }));
}

/** `close:` alone, `close: abandoned`, or `close: { resolution: …, say: … }` with its keys inside or beside. */
function parseClose({ act, fields, base }: Act): Step | null {
  const inner = isMap(act.node) ? readFields(act, { what: "close:", known: ["say", "resolution"] }) : null;
  if (isMap(act.node) && inner === null) return null;
  const all = new Map([...fields, ...(inner ?? [])]);
  const say = optional(all, "say", readTexts);
  const named = all.get("resolution") ?? (isMap(act.node) || isNothing(act.node) ? undefined : act);
  const resolution = named === undefined ? "solved by bot" : readOneOf(named, RESOLUTIONS);
  return built(resolution, (given) => ({ ...base, kind: "close", say, resolution: given }));
}

function parseStop({ act, base }: Act): Step | null {
  const text = isNothing(act.node) ? "true" : readText(act);
  if (text === null) return null;
  return text === "true" ? { ...base, kind: "stop" } : fault(act, "007", "stop: stands alone, without a value");
}
