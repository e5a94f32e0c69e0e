import type { ToolSpec } from "../../../domain/model.ts";
import { own } from "../../../lib/own.ts";
import type { Procedure, UseRule } from "../../definition.ts";
import type { Operation } from "../../run.ts";
import { operationToolNames } from "./operation-names.ts";
import { tool } from "./tool.ts";
import { inputSchemas } from "./value-schema.ts";

/** A tool for each operation that the file lists and that the release has. */
export function useTools({ uses }: Procedure, find: (name: string) => Operation | null): ToolSpec[] {
  const names = operationToolNames(Object.keys(uses));
  return Object.values(uses).flatMap((rule) => {
    const operation = find(rule.operation);
    const name = names.get(rule.operation);
    return operation === null || name === undefined ? [] : [useTool(name, operation, rule)];
  });
}

function useTool(name: string, operation: Operation, rule: UseRule): ToolSpec {
  const open = Object.entries(operation.input).filter(([input]) => isGiven(input, { operation, rule }));
  const does = operation.kind === "read" ? "Looks something up" : "Changes something";
  return tool({
    name,
    description: `${does} in another system: ${operation.description || rule.operation}.`,
    given: inputSchemas(Object.fromEntries(open)),
    command: (args) => ({ kind: "use", operation: rule.operation, args: withoutNulls(args) }),
  });
}

/** True for an argument that a model gives; the engine fills in the others. */
export const isGiven = (name: string, { operation, rule }: { operation: Operation; rule: UseRule }): boolean =>
  own(operation.identity, name) === undefined && own(rule.with, name) === undefined;

const withoutNulls = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
