/** Checks the scenarios of a content folder. */
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import type { ScenarioWorld } from "./names.ts";
import { parse } from "./parse.ts";
import type { Scenario } from "./scenario.ts";

export interface CheckedScenarios {
  /** Those without faults, in the order of their files. */
  scenarios: readonly Scenario[];
  diagnostics: readonly Diagnostic[];
}

/** Reads scenarios by path. `world`: null where the content folder has faults, so that no name is checked. */
export function checkScenarios(
  files: readonly (readonly [path: string, source: string])[],
  world: ScenarioWorld | null,
): CheckedScenarios {
  const parsed = files.map(([path, source]) => ({ path, ...parse(source, path, world) }));
  const first = new Map<string, string>();
  const repeated = parsed.flatMap(({ id, path }): Diagnostic[] => {
    const before = first.get(id);
    first.set(id, before ?? path);
    if (id === "" || before === undefined) return [];
    return [
      {
        file: path,
        line: 1,
        column: 1,
        code: "S121",
        severity: "error",
        message: `${before} already has the id "${id}"`,
      },
    ];
  });
  return {
    scenarios: parsed.flatMap(({ scenario }) => scenario ?? []),
    diagnostics: [...parsed.flatMap(({ diagnostics }) => diagnostics), ...repeated].toSorted(inFileOrder),
  };
}
