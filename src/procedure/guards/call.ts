/**
 * The guards of a call, in their order. Each refusal is journalled with its rule; what passes all of them may leave.
 *
 * 1. listed by the active procedure, and the customer verified where it demands that  2. schema  3. identity from the
 * contact only  4. provenance of every argument  5. `only_if`, unknown refuses  6. `once_per`  7. limits
 * 8. confirmation of exactly this  9. approval by people
 */
import { own } from "../../lib/own.ts";
import type { Refusal } from "../command.ts";
import type { Procedure, UseRule } from "../definition.ts";
import type { Operation, PreparedCall } from "../run.ts";
import { active, evaluated, refused, type Work } from "../work.ts";
import { assemble } from "./arguments.ts";
import { canonical } from "./canonical.ts";
import { evidenceFor } from "./evidence.ts";

export type Passed =
  | { kind: "pass"; call: PreparedCall; rule: UseRule; operation: Operation }
  | { kind: "refused"; refusal: Refusal }
  /** A read that its rules refer to is older than the file allows, so it is due again first. */
  | { kind: "stale"; read: string }
  /** People have to approve it. */
  | { kind: "approval"; queue: string };

type Given = Readonly<Record<string, unknown>>;

const no = (refusal: Refusal): Passed => ({ kind: "refused", refusal });

/** Passes a call through the guards, up to the customer's confirmation. */
export function guardCall(work: Work, name: string, given: Given): Passed {
  const here = active(work);
  const rule = here === null ? undefined : own(here.procedure.uses, name);
  const operation = work.world.operation(name);
  if (here === null || rule === undefined || operation === null)
    return no(refused("not_listed", `${name} is not listed under connectors: of the active procedure.`));
  if (needsProof(work, here.procedure)) return no(refused("identity", `${name} is for verified customers only.`));
  const assembled = assemble(work, { operation, rule, given });
  if (!assembled.ok) return no(assembled.refusal);
  const stale = evidenceFor(work, rule).find(({ read, ageMs }) => read !== null && ageMs > rule.freshMs);
  if (stale?.read != null && operation.kind === "write") return { kind: "stale", read: stale.read };
  const args = assembled.args;
  const refusal = conditionRefusal(work, rule, args) ?? limitRefusal(work, rule, args);
  if (refusal !== null) return no(refusal);
  const queue = approvalQueue(work, rule);
  if (queue !== null) return { kind: "approval", queue };
  const exact = exactly(work, { rule, name, args });
  return { kind: "pass", call: { operation: name, args, given, exact }, rule, operation };
}

const needsProof = ({ world, run }: Work, { audience }: Procedure): boolean =>
  audience.verified && !world.verified && !run.verified;

function conditionRefusal(work: Work, { onlyIf, operation }: UseRule, args: Given): Refusal | null {
  if (onlyIf === null) return null;
  const holds = evaluated(work, onlyIf, { args });
  if (holds === true) return null;
  const state = holds === false ? "does not hold" : "is not known yet";
  return refused("only_if", `${operation} needs ${onlyIf.source}, which ${state}.`);
}

function limitRefusal(work: Work, { oncePer, operation, maxCalls }: UseRule, args: Given): Refusal | null {
  const { used, counted } = work.run;
  if (oncePer !== null) {
    const of = evaluated(work, oncePer, { args });
    if (of === undefined)
      return refused("once_per", `${operation} is allowed once per ${oncePer.source}, which is not known yet.`);
    if (used.includes(usedName(operation, of)))
      return refused("once_per", `${operation} has been used for ${canonical(of)} already.`);
  }
  const count = own(counted, operation) ?? 0;
  return count < maxCalls ? null : refused("limit", `${operation} may be called ${maxCalls} times in one run.`);
}

/** Name under which a use for one value is remembered. */
export const usedName = (operation: string, of: unknown): string => `${operation}:${canonical(of)}`;

/** The queue whose approval is due; null: none. An unknown condition counts as true. */
function approvalQueue(work: Work, { approve }: UseRule): string | null {
  const due = approve.find((one) => one.if === null || evaluated(work, one.if) !== false);
  return due?.queue ?? null;
}

/** The call, its arguments and the values that its rules refer to: a confirmation is of exactly this. */
function exactly(work: Work, o: { rule: UseRule; name: string; args: Given }): string {
  const fields = active(work)?.at.fields ?? {};
  const basis = evidenceFor(work, o.rule).map(({ field }) => [field, own(fields, field)?.value]);
  return canonical({ operation: o.name, args: o.args, basis: Object.fromEntries(basis) });
}
