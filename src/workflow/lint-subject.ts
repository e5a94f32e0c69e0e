import type { Capabilities } from "../adapter/capabilities.ts";
import type { ConnectorManifest } from "../domain/connector-schema.ts";
import type { Diagnostic, Position } from "../language/diagnostic.ts";
import { severityOf } from "./codes.ts";
import type { Step, Workflow } from "./definition.ts";
import type { StepPosition } from "./step-tree.ts";

/** Everything that a workflow can name. */
export interface LintWorld {
  /** Ids of the queues in frontdesk.yaml. */
  queues: readonly string[];
  connectors: Readonly<Record<string, Pick<ConnectorManifest, "operations">>>;
  /** All workflows of the folder, this one among them. */
  workflows: readonly Workflow[];
  channels: Readonly<Record<string, Capabilities>>;
  /** All procedures of the folder. */
  procedures: readonly { id: string }[];
}

/** One workflow being checked. */
export interface Subject {
  workflow: Workflow;
  world: LintWorld;
  /** True if some of its steps could not be read and are missing. */
  partial: boolean;
  /** Every step, in the file's order. */
  steps: readonly StepPosition[];
  found: Diagnostic[];
}

export function find(subject: Subject, at: Position, code: string, message: string): void {
  const { file } = subject.workflow;
  subject.found.push({ file, line: at.line, column: at.column, code, severity: severityOf(code), message });
}

/** Position of the first of these keys that the file has; without any, of the step. */
export function placeOf(
  subject: Subject,
  step: Step,
  keys: readonly string[],
  part: "key" | "value" = "value",
): Position {
  for (const key of keys) {
    const place = subject.workflow.places.get(`${step.path}.${key}`);
    if (place !== undefined) return place[part];
  }
  return step.position;
}
