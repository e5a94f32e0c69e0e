/** P120: no procedure runs itself, not even by way of others. */
import type { Procedure } from "./definition.ts";
import { find, type Subject } from "./lint-subject.ts";
import { inlinesOf } from "./reading.ts";

export function lintRuns(subject: Subject): void {
  const { procedure, world } = subject;
  const all = new Map(world.procedures.map((one) => [one.id, one]));
  for (const part of inlinesOf(subject.body)) {
    if (part.kind !== "action" || part.action.kind !== "run") continue;
    const { procedure: id } = part.action;
    if (id !== procedure.id && !includedIn(id, all).has(procedure.id)) continue;
    find(subject, part.position, "P120", `@run ${id} comes back to ${procedure.id} in a circle`);
  }
}

/** Ids of the procedures that a procedure runs, directly. */
const runsOf = (procedure: Procedure): readonly string[] =>
  inlinesOf(procedure.steps.flatMap(({ body }) => body)).flatMap((part) =>
    part.kind === "action" && part.action.kind === "run" ? [part.action.procedure] : [],
  );

/** Ids of the procedures that a procedure runs, and that those run. */
export function includedIn(id: string, all: ReadonlyMap<string, Procedure>): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const procedure = all.get(next);
    const runs = procedure === undefined ? [] : runsOf(procedure);
    for (const one of runs) {
      if (!seen.has(one)) open.push(one);
      seen.add(one);
    }
  }
  return seen;
}
