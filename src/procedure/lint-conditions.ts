/** P127, P128: conditions that decide something, and branches for every value of an enum. */
import type { Position } from "../language/diagnostic.ts";
import type { Expression } from "../language/expression.ts";
import type { Block, Branch } from "./definition.ts";
import { find, type Subject } from "./lint-subject.ts";
import { type Combination, combinationsOf } from "./possible-values.ts";
import { chainsOf } from "./reading.ts";

export function lintConditions(subject: Subject): void {
  const { uses, escalate, audience } = subject.procedure;
  for (const { operation, onlyIf, approve } of Object.values(uses)) {
    const at = subject.places.get(pathOf(operation))?.value;
    if (onlyIf !== null && at !== undefined) lintAlone(subject, onlyIf, at);
    for (const rule of approve) if (rule.if !== null) lintAlone(subject, rule.if, rule.position);
  }
  for (const rule of escalate) if (rule.kind === "condition") lintAlone(subject, rule.if, rule.position);
  const place = subject.places.get("audience.if");
  if (audience.if !== null && place !== undefined) lintAlone(subject, audience.if, place.value);
  for (const chain of chainsOf(subject.body)) lintChain(subject, chain);
}

/** Path of `only_if:` in the front matter, with the operation's dots escaped. */
const pathOf = (operation: string): string => `connectors.${operation.replaceAll(".", "~1")}.only_if`;

/** P128 of a condition that stands by itself. */
function lintAlone(subject: Subject, condition: Expression, at: Position): void {
  const results = combinationsOf([condition], subject.scope)?.map(({ values }) => condition.evaluate(values)) ?? [];
  if (results.length > 0 && results.every((one) => one === true)) find(subject, at, "P128", "this is always true");
  if (results.length > 0 && results.every((one) => one === false)) find(subject, at, "P128", "this is never true");
}

function lintChain(subject: Subject, { branches }: Extract<Block, { kind: "branches" }>): void {
  const conditions: Expression[] = [];
  // What a model judges leaves open which of the branches after it are taken.
  for (const { test } of branches) {
    if (test.kind === "judged") return lintEach(subject, branches);
    if (test.kind === "condition") conditions.push(test.if);
  }
  const all = combinationsOf(conditions, subject.scope);
  if (all === null) return lintEach(subject, branches);
  const taken = all.map(({ values }) => conditions.findIndex((one) => one.evaluate(values) === true));
  for (const [index, { test, position }] of branches.entries()) {
    const never = test.kind === "else" ? !taken.includes(-1) : !taken.includes(index);
    if (never) find(subject, position, "P128", "this branch is never taken: those before it take every value");
  }
  if (conditions.length === 1 && all.length > 0 && taken.every((one) => one === 0) && branches.length === 1)
    find(subject, branches[0]?.position ?? { line: 1, column: 1 }, "P128", "this is always true");
  if (branches.length > 1 && branches.length === conditions.length) lintMissing(subject, branches, { all, taken });
}

function lintEach(subject: Subject, branches: readonly Branch[]): void {
  for (const { test, position } of branches) if (test.kind === "condition") lintAlone(subject, test.if, position);
}

/** P127: two or more conditions over one enum, without an Else, name all its values. */
function lintMissing(
  subject: Subject,
  branches: readonly Branch[],
  { all, taken }: { all: readonly Combination[]; taken: readonly number[] },
): void {
  const [path, ...others] = all[0]?.byPath.keys() ?? [];
  if (path === undefined || others.length > 0 || !subject.scope.enums.has(path)) return;
  const missing = all.flatMap(({ byPath }, at) => (taken[at] === -1 ? [String(byPath.get(path))] : []));
  const [first] = branches;
  if (missing.length === 0 || first === undefined) return;
  find(subject, first.position, "P127", `no branch is for ${path} ${missing.join(", ")}; add one, or **Else**`);
}
