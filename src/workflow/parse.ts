import { isMap } from "yaml";
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  fault,
  readFields,
  readListOrOne,
  readName,
  readNumber,
  readOneOf,
  readText,
  rootEntry,
} from "../language/yaml-entry.ts";
import { openYaml } from "../language/yaml-file.ts";
import { readExpression } from "../language/yaml-language.ts";
import type { Trigger, TriggerName, Workflow } from "./definition.ts";
import { KNOWN_VALUES } from "./known-values.ts";
import { parseSteps, type StepReading } from "./parse-step.ts";
import { LATER_TRIGGERS, TRIGGER_KEYS, TRIGGER_NAMES, triggerDefinition } from "./triggers.ts";

export interface Parsed {
  /** null if the file has a fault of severity error. */
  workflow: Workflow | null;
  /** The parts that could be read in spite of faults. Only for checks, never to be run. */
  partial: Workflow | null;
  diagnostics: readonly Diagnostic[];
}

const DEFAULT_PRIORITY = 100;
const KEYS = {
  what: "a workflow",
  known: ["id", "title", "status", "on", "channels", "if", "priority", "steps"],
  later: ["testers", "forms"],
  required: ["id", "on", "steps"],
};

/** Reads one workflow file. Never throws: any text gives a workflow, or diagnostics of all its faults. */
export function parse(source: string, file: string): Parsed {
  const { yaml, root } = openYaml(source, { file, letter: "W" });
  const partial = root === null ? null : readWorkflow(rootEntry(yaml, root), file);
  const faulty = yaml.diagnostics.some(({ severity }) => severity === "error");
  return { workflow: faulty ? null : partial, partial, diagnostics: yaml.diagnostics.toSorted(inFileOrder) };
}

function readWorkflow(entry: Entry, file: string): Workflow | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => {
    const field = fields.get(key);
    return field === undefined ? null : how(field);
  };
  const reading: StepReading = { taken: 0, ids: new Set() };
  const id = read("id", (field) => readName(field, "an id")) ?? "";
  return {
    id,
    title: read("title", readText) ?? id,
    status: read("status", (field) => readOneOf(field, ["draft", "live"])) ?? "live",
    triggers: read("on", readTriggers) ?? [],
    channels: read("channels", readChannels),
    if: read("if", (field) => readExpression(field, KNOWN_VALUES, "bool")),
    priority: read("priority", (field) => readNumber(field, { min: 0, max: 10_000 })) ?? DEFAULT_PRIORITY,
    steps: read("steps", (field) => parseSteps(field, reading)) ?? [],
    file,
    places: entry.yaml.places,
  };
}

function readChannels(entry: Entry): readonly string[] | null {
  const items = readListOrOne(entry);
  if (items?.length === 0) return fault(entry, "006", "channels: names at least one channel; leave it out for all");
  return items?.map(readText).filter((name) => name !== null) ?? null;
}

function readTriggers(entry: Entry): readonly Trigger[] | null {
  const items = readListOrOne(entry);
  if (items?.length === 0) return fault(entry, "006", "on: names at least one trigger");
  const triggers = items?.map((item) => ({ item, trigger: readTrigger(item) })) ?? [];
  const taken = new Set<TriggerName>();
  for (const { item, trigger } of triggers) {
    if (trigger === null) continue;
    if (taken.has(trigger.on))
      fault(item, "015", `${trigger.on} stands here twice; join the conditions with ||, or write a second workflow`);
    taken.add(trigger.on);
  }
  return items === null ? null : triggers.map(({ trigger }) => trigger).filter((trigger) => trigger !== null);
}

/** Reads `manual`, `conversation.idle: { for: 24h }`, or `conversation.idle:` with `for: 24h` beside it. */
function readTrigger(entry: Entry): Trigger | null {
  if (!isMap(entry.node)) return bareTrigger(entry);
  const known = [...TRIGGER_NAMES, ...LATER_TRIGGERS, ...TRIGGER_KEYS];
  const fields = readFields(entry, { what: "a trigger", known });
  if (fields === null) return null;
  const names = [...fields.keys()].filter((name) => !TRIGGER_KEYS.includes(name));
  const named = fields.get(names[0] ?? "");
  if (named === undefined || names.length > 1)
    return fault(entry, "007", "a trigger is one name, with its own keys under it");
  const trigger = knownTrigger(named.name, named, "key");
  if (trigger === null) return null;
  const inner = isMap(named.node) ? readFields(named, { what: trigger, known: TRIGGER_KEYS }) : null;
  if (inner === null && named.node !== null && isMap(named.node)) return null;
  return withKeys(trigger, named, new Map([...fields, ...(inner ?? [])]));
}

function bareTrigger(entry: Entry): Trigger | null {
  const text = readText(entry);
  const trigger = text === null ? null : knownTrigger(text, entry, "value");
  return trigger === null ? null : withKeys(trigger, entry, new Map());
}

function knownTrigger(text: string, entry: Entry, where: "key" | "value"): TriggerName | null {
  const known = TRIGGER_NAMES.find((name) => name === text);
  if (known !== undefined) return known;
  if (LATER_TRIGGERS.some((name) => name === text))
    return fault(entry, "008", `the trigger ${text} is not supported yet`, where);
  const meant = didYouMean(text, [...TRIGGER_NAMES, ...LATER_TRIGGERS]);
  return fault(entry, "010", `there is no trigger "${text}"${meant}`, where);
}

function withKeys(on: TriggerName, entry: Entry, fields: Fields): Trigger | null {
  const definition = triggerDefinition(on);
  for (const key of TRIGGER_KEYS) {
    const field = fields.get(key);
    if (field !== undefined && !definition.keys.includes(key))
      return fault(field, "005", `${on} has no key ${key}:`, "key");
  }
  return definition.read(fields, entry);
}
