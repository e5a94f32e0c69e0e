import type { Diagnostic, Position } from "../language/diagnostic.ts";
import type { SourceRange } from "../language/yaml-file.ts";
import { severityOf } from "./codes.ts";
import type { Block, CodeBlock, Procedure } from "./definition.ts";
import type { Connectors } from "./head.ts";
import { type Scope, scopeOf } from "./scope.ts";

/** Everything that a procedure can name. */
export interface ProcedureWorld {
  /** Ids of the queues in frontdesk.yaml. */
  queues: readonly string[];
  /** Ids of all workflows. */
  workflows: readonly string[];
  /** Names of the channels in frontdesk.yaml. */
  channels: readonly string[];
  connectors: Connectors;
  /** All procedures of the folder, this one among them. */
  procedures: readonly Procedure[];
  /** The first syntax error of a code block, counted from its first line; null if there is none. */
  syntaxFault(code: CodeBlock): SyntaxFault | null;
}

export interface SyntaxFault extends Position {
  message: string;
}

/** One procedure being checked. */
export interface Subject {
  procedure: Procedure;
  world: ProcedureWorld;
  places: ReadonlyMap<string, SourceRange>;
  scope: Scope;
  /** Blocks of all steps, in the file's order. */
  body: readonly Block[];
  found: Diagnostic[];
}

export interface SubjectOptions {
  world: ProcedureWorld;
  /** Positions of the front matter by path. */
  places: ReadonlyMap<string, SourceRange>;
}

export function subjectOf(procedure: Procedure, { world, places }: SubjectOptions): Subject {
  const scope = scopeOf({ fields: Object.values(procedure.fields), operations: Object.keys(procedure.uses) });
  return { procedure, world, places, scope, body: procedure.steps.flatMap(({ body }) => body), found: [] };
}

export function find(subject: Subject, at: Position, code: string, message: string): void {
  const { file } = subject.procedure;
  subject.found.push({ file, line: at.line, column: at.column, code, severity: severityOf(code), message });
}

/** Position of the first of these paths that the front matter has. */
export function placeOf({ places }: Subject, ...paths: readonly string[]): Position {
  for (const path of paths) {
    const place = places.get(path);
    if (place !== undefined) return place.value;
  }
  return { line: 1, column: 1 };
}
