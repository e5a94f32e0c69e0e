import type { ValueType } from "../domain/connector-schema.ts";
import { own } from "../lib/own.ts";
import type { Given, Step, Workflow } from "./definition.ts";
import { callsOf } from "./lint-references.ts";
import type { World } from "./lint-subject.ts";
import { stepPositions } from "./step-positions.ts";

/** What a step may put under a path: some of these words, what stands under another path, or anything. */
export type Source =
  | { kind: "words"; words: readonly string[] }
  | { kind: "path"; path: string }
  | { kind: "schema"; schema: ValueType }
  | { kind: "open" };

export interface Setting {
  path: string;
  source: Source;
}

const OPEN: Source = { kind: "open" };

/** What a step sets by itself. */
export function settingsOf(step: Step, world: World): readonly Setting[] {
  switch (step.kind) {
    case "ask": {
      const words = step.options.map(({ id }) => id);
      const source: Source = words.length === 0 ? OPEN : { kind: "words", words };
      return [...(step.save === null ? [] : [{ path: step.save, source }]), { path: "choice", source }];
    }
    case "collect":
      return step.fields.map((field) => ({
        path: step.save === null ? field.name : `${step.save}.${field.name}`,
        source: field.type === "choice" ? { kind: "words", words: field.options.map(({ id }) => id) } : OPEN,
      }));
    case "set":
      return Object.entries(step.values).flatMap(([path, given]) => givenSettings(path, given));
    case "use": {
      const connector = own(world.connectors, step.connector);
      const operation = connector === undefined ? undefined : own(connector.operations, step.operation);
      const source: Source = operation?.returns == null ? OPEN : { kind: "schema", schema: operation.returns };
      return step.save === null ? [] : [{ path: step.save, source }];
    }
    case "say":
    case "if":
    case "switch":
    case "tag":
    case "note":
    case "workflow":
    case "handoff":
    case "wait":
    case "close":
    case "goto":
    case "stop":
      return [];
  }
}

function givenSettings(path: string, given: Given): readonly Setting[] {
  switch (given.kind) {
    case "literal":
      return [{ path, source: typeof given.value === "string" ? { kind: "words", words: [given.value] } : OPEN }];
    case "template": {
      const copied = /^\s*\{\{\s*([\p{L}\p{N}_.]+)\s*\}\}\s*$/u.exec(given.template.source)?.[1];
      return [{ path, source: copied === undefined ? OPEN : { kind: "path", path: copied } }];
    }
    case "list":
      return [{ path, source: OPEN }];
    case "map":
      return Object.entries(given.entries).flatMap(([name, inner]) => givenSettings(`${path}.${name}`, inner));
  }
}

export const rootOf = (path: string): string => path.split(".")[0] ?? path;

/** Names that workflows around this one set: what it calls sets values for it, and what calls it hands values over. */
export function namesFromOutside(workflow: Workflow, world: World): ReadonlySet<string> {
  const names = new Set<string>();
  const called = reached([workflow.id], (id) => callsOf(world.workflows.find((one) => one.id === id)));
  const callers = reached([workflow.id], (id) =>
    world.workflows.filter((one) => callsOf(one).includes(id)).map((one) => one.id),
  );
  // A caller's other calls set values for this one too.
  const around = reached([...callers], (id) => callsOf(world.workflows.find((one) => one.id === id)));
  for (const id of new Set([...called, ...callers, ...around])) {
    const other = world.workflows.find((one) => one.id === id);
    if (other === undefined) continue;
    for (const { step } of stepPositions(other).byPath.values()) {
      if (other.id !== workflow.id) for (const { path } of settingsOf(step, world)) names.add(rootOf(path));
      if (step.kind === "workflow") for (const name of Object.keys(step.with)) names.add(rootOf(name));
    }
  }
  return names;
}

function reached(from: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}
