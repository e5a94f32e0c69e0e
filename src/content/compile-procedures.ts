/** Checks and compiles the procedures of a content folder. */
import type { ParsedManifest } from "../connector/manifest.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import { sha256 } from "../lib/digest.ts";
import type { Procedure } from "../procedure/definition.ts";
import { lint } from "../procedure/lint.ts";
import { includedIn } from "../procedure/lint-runs.ts";
import type { ProcedureWorld } from "../procedure/lint-subject.ts";
import { type ParsedProcedure, parse } from "../procedure/parse.ts";
import { syntaxFault } from "./javascript.ts";

/** Reads the files, whose conditions are checked against the connectors that could be read. */
export const parseProcedures = (
  files: readonly (readonly [path: string, source: string])[],
  connectors: ProcedureWorld["connectors"],
): readonly ParsedProcedure[] => files.map(([path, source]) => parse(source, path, connectors));

interface LintOptions {
  world: Omit<ProcedureWorld, "procedures" | "syntaxFault">;
  /** True when the settings and all connectors could be read. */
  complete: boolean;
  /** True when all workflows could be read. */
  workflowsComplete: boolean;
}

/** Lists the faults of all procedures, without consequences of other files' faults. */
export function procedureFaults(parsed: readonly ParsedProcedure[], o: LintOptions): readonly Diagnostic[] {
  const procedures = parsed.flatMap(({ partial }) => partial ?? []);
  const whole = parsed.every(({ procedure }) => procedure !== null);
  const hidden = new Set([
    // Of an unreadable connector neither operations nor types are known.
    ...(o.complete ? [] : ["P010", "P101", "P102", "P106"]),
    ...(o.workflowsComplete ? [] : ["P101", "P104"]),
    ...(whole ? [] : ["P107"]),
  ]);
  const world: ProcedureWorld = { ...o.world, procedures, syntaxFault };
  return parsed
    .flatMap(({ procedure, partial, diagnostics, places }) => [
      ...diagnostics,
      ...(partial === null ? [] : lint(partial, { world, places, partial: procedure === null })),
    ])
    .filter(({ code }) => !hidden.has(code));
}

/** The procedures of a folder without faults, in the order of their files, each with its version. */
export function compiledProcedures(
  parsed: readonly ParsedProcedure[],
  manifests: readonly ParsedManifest[],
  files: Readonly<Record<string, string>>,
): readonly Procedure[] {
  const procedures = parsed.flatMap(({ procedure }) => procedure ?? []);
  const byId = new Map(procedures.map((one) => [one.id, one]));
  const fileOf = new Map(
    manifests.flatMap(({ manifest }) => (manifest === null ? [] : [[manifest.id, manifest.file]])),
  );
  return procedures.map((procedure) => {
    const included = [...includedIn(procedure.id, byId)].flatMap((id) => byId.get(id) ?? []);
    const all = [procedure, ...included];
    const connectors = all.flatMap(({ uses }) => Object.keys(uses).map((name) => fileOf.get(name.split(".")[0] ?? "")));
    const paths = new Set([...all.map(({ file }) => file), ...connectors.filter((file) => file !== undefined)]);
    const texts = [...paths].toSorted((a, b) => (a < b ? -1 : 1)).map((path) => [path, files[path]]);
    return { ...procedure, version: sha256(JSON.stringify(texts)) };
  });
}
