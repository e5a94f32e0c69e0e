/** The listed operations as they stand: what a call would need, and what came of the latest one. */
import { own } from "../../lib/own.ts";
import type { UseRule } from "../definition.ts";
import { contactValue } from "../fields.ts";
import { usedName } from "../guards/call.ts";
import type { Operation } from "../run.ts";
import { holds } from "./branches.ts";
import type { Scene } from "./scene.ts";
import { operationToolNames } from "./tools/operation-names.ts";

export function operationsText(scene: Scene): string {
  const { uses } = scene.procedure;
  const names = operationToolNames(Object.keys(uses));
  const lines = Object.values(uses).flatMap((rule) => {
    const operation = scene.operation(rule.operation);
    if (operation === null) return [];
    const refusal = refusalOf(scene, rule, operation);
    const state = refusal === null ? `allowed${conditionsOf(scene, rule)}` : `refused now: ${refusal}`;
    return [`- ${names.get(rule.operation) ?? rule.operation}: ${state}${latestOf(scene, rule)}`];
  });
  return lines.length === 0 ? "none" : lines.join("\n");
}

/** The reason for which the guards refuse a call now, as far as it does not depend on its arguments; null: none. */
function refusalOf(scene: Scene, rule: UseRule, operation: Operation): string | null {
  const lacking = Object.values(operation.identity).find(
    (path) => contactValue({ world: scene.facts }, path) === undefined,
  );
  if (lacking !== undefined) return `the contact has no ${lacking}`;
  const unknown = Object.values(rule.with).find(
    (one) => one.evaluate(scene.values, undefined, scene.budget) === undefined,
  );
  if (unknown !== undefined) return `${unknown.source} is not known yet`;
  return conditionRefusal(scene, rule) ?? limitRefusal(scene, rule);
}

function conditionRefusal(scene: Scene, { onlyIf }: UseRule): string | null {
  if (onlyIf === null || onlyIf.uses.some(({ path }) => path[0] === "args")) return null;
  const held = holds(scene, onlyIf);
  if (held === true) return null;
  return `it needs ${onlyIf.source}, which ${held === false ? "does not hold" : "is not known yet"}`;
}

function limitRefusal({ run, values, budget }: Scene, { operation, oncePer, maxCalls }: UseRule): string | null {
  if ((own(run.counted, operation) ?? 0) >= maxCalls) return "it was called as often as it may be";
  const of = oncePer?.evaluate(values, undefined, budget);
  return of !== undefined && run.used.includes(usedName(operation, of)) ? "it was used already" : null;
}

/** An unknown condition counts as true, as it does where the call is made. */
function conditionsOf(scene: Scene, rule: UseRule): string {
  const approval = rule.approve.find((one) => one.if === null || holds(scene, one.if) !== false);
  if (approval !== undefined) return `; ${approval.queue} have to approve it, so a call gives them the conversation`;
  return rule.confirm ? "; the customer agrees first, and the engine asks them" : "";
}

function latestOf({ at }: Scene, { operation }: UseRule): string {
  const call = own(at.calls, operation);
  if (call === undefined) return "";
  switch (call.outcome) {
    case "done":
      return "; done";
    case "failed":
      return "; it failed";
    case "unknown":
      return "; nobody knows if it was done";
    case "declined":
      return "; the customer said no to it";
  }
}
