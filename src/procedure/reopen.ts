/** Reopening what rests on a value that changed: fields, reads and steps. */
import type { Expression } from "../language/expression.ts";
import type { Procedure, ProcedureStep } from "./definition.ts";
import { actionsOf, expressionsOf, placesOf } from "./reading.ts";
import type { OpenAsk } from "./run.ts";
import { active, changeActive, changeRun, journal, type Work } from "./work.ts";

/** Forgets what was decided and read on the old value of a field, and goes back to the first step that rests on it. */
export function reopen(work: Work, name: string): void {
  const here = active(work);
  if (here === null) return;
  const { at, procedure } = here;
  const stale = staleNames(procedure, name);
  callOffReads(work, stale);
  const fields = withoutNames(at.fields, stale);
  const calls = withoutNames(at.calls, stale);
  const touched = procedure.steps.filter((step) => at.visited.includes(step.id) && restsOn(step, stale, name));
  const marks = new Set(touched.flatMap((step) => placesOf(step.body)));
  const done = at.done.filter((place) => !marks.has(place));
  changeActive(work, { fields, calls, done, judged: {}, step: touched[0]?.id ?? at.step });
  if (touched[0] !== undefined)
    journal(work, "procedure.reopened", `Goes back to “${touched[0].title}”, which rests on ${name}`);
}

const withoutNames = <Value>(values: Readonly<Record<string, Value>>, names: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(values).filter(([one]) => !names.has(one)));

/** What a read that is under way answers is about the old value. */
function callOffReads(work: Work, stale: ReadonlySet<string>): void {
  const isOld = (ask: OpenAsk): boolean => ask.kind === "call" && stale.has(ask.operation);
  const { asks } = work.run;
  work.effects.push(...asks.filter(isOld).map(({ ask }) => ({ kind: "call_off", ask }) as const));
  changeRun(work, { asks: asks.filter((ask) => !isOld(ask)) });
}

/**
 * Fields that were computed from this one and reads that were made with it, directly or through others. Writes stay: what
 * was done outside was done.
 */
function staleNames({ fields, uses, code }: Procedure, name: string): ReadonlySet<string> {
  const stale = new Set<string>();
  const isOld = (used: string): boolean => used === name || stale.has(used);
  const reads = Object.values(uses).filter(({ kind }) => kind === "read");
  for (let size = -1; size < stale.size; ) {
    size = stale.size;
    for (const { operation, with: given } of reads)
      if (Object.values(given).some((one) => namesIn(one).some(isOld))) stale.add(operation);
    for (const { name: field, from } of Object.values(fields)) {
      if (from.kind === "connector" && stale.has(from.operation)) stale.add(field);
      if (from.kind === "code" && (code[from.block]?.inputs ?? []).some(isOld)) stale.add(field);
    }
  }
  return stale;
}

const namesIn = ({ uses }: Pick<Expression, "uses">): readonly string[] => uses.map(({ path }) => path[0] ?? "");

function restsOn({ body }: ProcedureStep, stale: ReadonlySet<string>, name: string): boolean {
  const reads = actionsOf(body).some((action) => action.kind === "use" && stale.has(action.operation));
  return reads || expressionsOf(body).some((one) => namesIn(one).some((used) => used === name || stale.has(used)));
}
