import { own } from "../lib/own.ts";
import type { Step } from "./definition.ts";
import { givenSettings } from "./given.ts";
import type { World } from "./lint-subject.ts";
import { OPEN, type Setting, type Source } from "./setting.ts";

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
