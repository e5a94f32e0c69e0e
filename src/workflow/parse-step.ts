/** Reads lists of steps, and the keys that every step may carry. */
import { isMap, isScalar } from "yaml";
import { didYouMean } from "../language/suggest.ts";
import {
  checkKeys,
  type Entry,
  type Fields,
  fault,
  readDuration,
  readFields,
  readList,
  readMap,
  readName,
  readNumber,
  readText,
  spoiled,
} from "../language/yaml-entry.ts";
import { readExpression } from "../language/yaml-language.ts";
import type { Step, StepBase, StepKind } from "./definition.ts";
import { KNOWN_VALUES } from "./known-values.ts";
import type { ReadSteps } from "./step-entry.ts";
import { definitionOf, LATER_STEPS, STEP_NAMES } from "./step-kinds.ts";
import { COMMON_KEYS } from "./vocabulary.ts";

/** Our own limit; a longer workflow should be several. */
const MAX_STEPS = 500;
/** Our own limit; a service that fails ten times in a row is down. */
const MAX_TRIES = 10;

/** State of reading one file: the number of steps so far, and their ids. */
export interface StepReading {
  taken: number;
  ids: Set<string>;
}

/** Reads a list of steps. Steps with faults are reported and left out. */
export function parseSteps(entry: Entry, reading: StepReading): readonly Step[] | null {
  if (isMap(entry.node) && !spoiled(entry))
    return fault(entry, "007", "steps are a list: put a dash before each of them");
  const items = readList(entry);
  if (items?.length === 0) return fault(entry, "006", "at least one step belongs here");
  return items?.map((item) => parseStep(item, reading)).filter((step) => step !== null) ?? null;
}

function parseStep(entry: Entry, reading: StepReading): Step | null {
  if (spoiled(entry)) return null;
  reading.taken++;
  if (reading.taken > MAX_STEPS) {
    return reading.taken === MAX_STEPS + 1
      ? fault(entry, "001", `a workflow has at most ${MAX_STEPS} steps; call another with workflow:`)
      : null;
  }
  if (isScalar(entry.node)) return bareStep(entry);
  const fields = readMap(entry);
  if (fields === null) return null;
  const kind = kindOf(entry, fields);
  if (kind === null) return null;
  const definition = definitionOf(kind);
  checkKeys(fields, { what: `${kind}:`, known: [kind, ...definition.keys, ...COMMON_KEYS], later: LATER_STEPS });
  const base = readBase(entry, { fields, kind, reading });
  const value = fields.get(kind);
  const readSteps: ReadSteps = (inner) => parseSteps(inner, reading);
  return value === undefined ? null : definition.parse({ value, fields, base, readSteps });
}

/** Reads a step of one word, as in `- stop`. */
function bareStep(entry: Entry): Step | null {
  const text = readText(entry);
  if (text === null) return null;
  const kind = STEP_NAMES.find((name) => name === text);
  const step = kind === undefined ? undefined : definitionOf(kind).bare?.(bareBase(entry));
  return step ?? fault(entry, "009", `a step is a word with a colon, as in say: Hello; this is "${text}"`);
}

const bareBase = (entry: Entry): StepBase => ({
  path: entry.path,
  position: entry.at,
  id: null,
  if: null,
  retry: null,
  timeoutMs: null,
  onError: null,
});

/** Kind of a step: its one key that names a step and does not belong to another step, as `say:` does to `close:`. */
function kindOf(entry: Entry, fields: Fields): StepKind | null {
  const named = STEP_NAMES.filter((name) => fields.has(name));
  const belongsToOther = (name: StepKind): boolean =>
    named.some((other) => definitionOf(other).keys.includes(name)) ||
    (name === "if" && !fields.has("then") && !fields.has("else"));
  const kinds = named.filter((name) => !belongsToOther(name));
  const second = kinds[1];
  if (second !== undefined) {
    const message = `one step does one thing, and this has ${kinds.join(": and ")}:; put a dash before the second`;
    return fault(fields.get(second) ?? entry, "016", message, "key");
  }
  return kinds[0] ?? unknownKind(entry, fields, named);
}

function unknownKind(entry: Entry, fields: Fields, named: readonly StepKind[]): null {
  const later = LATER_STEPS.find((name) => fields.has(name));
  if (later !== undefined) return fault(fields.get(later) ?? entry, "008", `${later}: is not supported yet`, "key");
  if (named.includes("if")) return fault(entry, "006", "if: needs then:, or a step beside it");
  const odd = [...fields.keys()].find((name) => !COMMON_KEYS.some((known) => known === name));
  if (odd === undefined) return fault(entry, "009", "this step does nothing");
  return fault(
    fields.get(odd) ?? entry,
    "009",
    `there is no step ${odd}:${didYouMean(odd, [...STEP_NAMES, ...LATER_STEPS])}`,
    "key",
  );
}

function readBase(entry: Entry, at: { fields: Fields; kind: StepKind; reading: StepReading }): StepBase {
  const { fields, kind, reading } = at;
  const condition = kind === "if" ? undefined : fields.get("if");
  const id = fields.get("id");
  const timeout = fields.get("timeout");
  const retry = fields.get("retry");
  const onError = fields.get("on_error");
  return {
    path: entry.path,
    position: entry.at,
    id: id === undefined ? null : readStepId(id, reading),
    if: condition === undefined ? null : readExpression(condition, KNOWN_VALUES, "bool"),
    retry: retry === undefined ? null : readRetry(retry),
    timeoutMs: timeout === undefined ? null : readDuration(timeout),
    onError: onError === undefined ? null : parseSteps(onError, reading),
  };
}

function readStepId(entry: Entry, reading: StepReading): string | null {
  const id = readName(entry, "a step's id");
  if (id === null) return null;
  if (reading.ids.has(id)) return fault(entry, "015", `another step has the id "${id}" already`);
  reading.ids.add(id);
  return id;
}

const DEFAULT_WAIT_MS = 1_000;

function readRetry(entry: Entry): Step["retry"] {
  const fields = readFields(entry, { what: "retry:", known: ["times", "wait"], required: ["times"] });
  const times = fields?.get("times");
  const wait = fields?.get("wait");
  const count = times === undefined ? null : readNumber(times, { min: 1, max: MAX_TRIES });
  const waitMs = wait === undefined ? DEFAULT_WAIT_MS : readDuration(wait);
  return count === null || waitMs === null ? null : { times: count, waitMs };
}
