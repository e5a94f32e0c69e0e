/** Reads the front matter but for fields and connectors: the trigger, whom it serves, escalations and limits. */
import { isScalar } from "yaml";
import {
  type Entry,
  fault,
  readFields,
  readListOrOne,
  readName,
  readNumber,
  readOneOf,
  readText,
} from "../language/yaml-entry.ts";
import { readChecked } from "./checked.ts";
import type { Audience, EscalationRule, ProcedureLimits, ProcedureTrigger } from "./definition.ts";
import { optional } from "./head.ts";
import { AUDIENCE_KEYS, ESCALATION_KEYS, LIMITS_KEYS, TRIGGER_KEYS } from "./keys.ts";
import { FACTS_SCOPE, type Scope } from "./scope.ts";

/** Our own limits: a longer list teaches nothing more. */
const MAX_EXAMPLES = 100;
const MAX_EXAMPLE_CHARACTERS = 500;
const MAX_ESCALATIONS = 20;

/** Our own choices: a long talk, a few turns in a circle, and about a hundred calls of a small model. */
export const DEFAULT_LIMITS: ProcedureLimits = { turns: 20, stalledTurns: 3, costUsd: 0.5 };
const MAX_TURNS = 200;
const MAX_STALLED_TURNS = 20;
const MAX_COST_USD = 100;

/** Reads `trigger:`. */
export function readTrigger(entry: Entry): ProcedureTrigger {
  const fields = readFields(entry, TRIGGER_KEYS) ?? new Map<string, Entry>();
  return {
    when: optional(fields, "when", readText)?.trim() ?? "",
    notWhen: optional(fields, "not_when", readText)?.trim() ?? "",
    examples: optional(fields, "examples", readSentences) ?? [],
    counterExamples: optional(fields, "counter_examples", readSentences) ?? [],
  };
}

function readSentences(entry: Entry): readonly string[] {
  const items = readListOrOne(entry) ?? [];
  if (items.length > MAX_EXAMPLES) fault(entry, "001", `${entry.name}: lists at most ${MAX_EXAMPLES} sentences`);
  return items.slice(0, MAX_EXAMPLES).flatMap((item) => {
    const text = readText(item)?.trim() ?? "";
    if (text.length <= MAX_EXAMPLE_CHARACTERS) return text === "" ? [] : [text];
    fault(item, "001", `a sentence may have ${MAX_EXAMPLE_CHARACTERS} characters, this has ${text.length}`);
    return [];
  });
}

export const EVERYONE: Audience = { channels: null, if: null, verified: false };

/** Reads `audience:`. Its condition is asked before the procedure begins, so it reads facts only. */
export function readAudience(entry: Entry): Audience {
  const fields = readFields(entry, AUDIENCE_KEYS);
  if (fields === null) return EVERYONE;
  return {
    channels: optional(fields, "channels", readChannels),
    if: optional(fields, "if", (field) => readChecked(field, { scope: FACTS_SCOPE, wanted: "bool" })),
    verified: optional(fields, "requires", (field) => readOneOf(field, ["verified"])) === "verified",
  };
}

function readChannels(entry: Entry): readonly string[] | null {
  const items = readListOrOne(entry);
  if (items?.length === 0) return fault(entry, "006", "channels: names at least one channel; leave it out for all");
  return items?.map(readText).filter((name) => name !== null) ?? null;
}

/** Reads `escalate:`, each rule a condition (`if:`) or words that a model judges (`when:`). */
export function readEscalations(entry: Entry, scope: Scope): readonly EscalationRule[] {
  const items = readListOrOne(entry) ?? [];
  if (items.length > MAX_ESCALATIONS) fault(entry, "001", `escalate: lists at most ${MAX_ESCALATIONS} rules`);
  return items.slice(0, MAX_ESCALATIONS).flatMap((item) => readEscalation(item, scope) ?? []);
}

function readEscalation(entry: Entry, scope: Scope): EscalationRule | null {
  const fields = readFields(entry, ESCALATION_KEYS);
  if (fields === null) return null;
  const to = optional(fields, "to", (field) => readName(field, "a queue's or workflow's id"));
  const rule = optional(fields, "if", (field) => readChecked(field, { scope, wanted: "bool" }));
  const when = optional(fields, "when", readText);
  if (fields.has("if") === fields.has("when"))
    return fault(entry, "016", "an escalation has either if:, a condition, or when:, words that a model judges", "key");
  if (to === null) return null;
  const shared = { to, position: fields.get("to")?.at ?? entry.at };
  if (rule !== null) return { ...shared, kind: "condition", if: rule };
  return when === null ? null : { ...shared, kind: "judged", when };
}

/** Reads `limits:`. */
export function readLimits(entry: Entry): ProcedureLimits {
  const fields = readFields(entry, LIMITS_KEYS);
  if (fields === null) return DEFAULT_LIMITS;
  const whole = (key: string, max: number): number | null =>
    optional(fields, key, (field) => readNumber(field, { min: 1, max }));
  return {
    turns: whole("turns", MAX_TURNS) ?? DEFAULT_LIMITS.turns,
    stalledTurns: whole("stalled_turns", MAX_STALLED_TURNS) ?? DEFAULT_LIMITS.stalledTurns,
    costUsd: optional(fields, "cost_usd", readCost) ?? DEFAULT_LIMITS.costUsd,
  };
}

function readCost(entry: Entry): number | null {
  const value = isScalar(entry.node) ? entry.node.value : null;
  if (typeof value === "number" && value > 0 && value <= MAX_COST_USD) return value;
  return fault(entry, "007", `cost_usd: must be a number above 0, at most ${MAX_COST_USD}`);
}
