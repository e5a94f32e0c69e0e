/** What the rules of a call rest on: the values they refer to, where these are from, and how old they are. */
import type { Expression } from "../../language/expression.ts";
import { own } from "../../lib/own.ts";
import type { Procedure, ProcedureField, UseRule } from "../definition.ts";
import type { Activation } from "../run.ts";
import { active, type Work } from "../work.ts";

export interface Evidence {
  field: string;
  /** The read that it is from; null: not from a connector. */
  read: string | null;
  ageMs: number;
}

/** Fields that the arguments and conditions of a call refer to, code's inputs included, each with its age. */
export function evidenceFor(work: Work, rule: UseRule): Evidence[] {
  const here = active(work);
  if (here === null) return [];
  const roots = expressionsFor(rule).flatMap((one) => one.uses.map(({ path }) => path[0] ?? ""));
  return reached(here.procedure, [...new Set(roots)]).flatMap((name) => evidenceOf(work, here, name));
}

const expressionsFor = ({ with: filled, onlyIf, oncePer }: UseRule): readonly Expression[] => [
  ...Object.values(filled),
  ...(onlyIf === null ? [] : [onlyIf]),
  ...(oncePer === null ? [] : [oncePer]),
];

function evidenceOf(work: Work, { procedure, at }: { procedure: Procedure; at: Activation }, name: string): Evidence[] {
  const field = own(procedure.fields, name);
  const known = own(at.fields, name);
  if (field === undefined || known === undefined) return [];
  const read = readOf(work, field);
  const latest = read === null ? undefined : own(at.calls, read);
  // A read that gave the same value again is as fresh as its latest answer; one that failed confirms nothing.
  const since = latest?.outcome === "done" ? latest.at : known.at;
  return [{ field: name, read, ageMs: Date.parse(work.world.now) - Date.parse(since) }];
}

/** The read that a field is from. The answer of a write is what was done, and never asked for again. */
function readOf({ world }: Work, { from }: ProcedureField): string | null {
  if (from.kind !== "connector") return null;
  return world.operation(from.operation)?.kind === "read" ? from.operation : null;
}

/** These fields, and those that code computed them from. */
function reached(procedure: Procedure, names: readonly string[]): string[] {
  const seen = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const from = own(procedure.fields, name)?.from;
    if (from?.kind === "code") open.push(...(procedure.code[from.block]?.inputs ?? []));
  }
  return [...seen];
}

/** The evidence in words, for the journal. */
export function evidenceWords(evidence: readonly Evidence[]): string {
  if (evidence.length === 0) return "nothing that was looked up or said";
  return evidence
    .map(({ field, read, ageMs }) => `${field} (${read ?? "this conversation"}, ${Math.round(ageMs / 1_000)} s ago)`)
    .join(", ");
}
