/** The way on after a procedure: its outcome and what it learnt become values, or people take over. */
import type { ProcedureEnd } from "../procedure/run.ts";
import type { StepOf } from "./definition.ts";
import { end, failedStep, journalLine, next, type StepOutcome, save, type Walk } from "./walk.ts";

/** Outcome that workflows see where no procedure serves what the customer wants. */
const NONE = "none";

export function afterEnd(walk: Walk, step: StepOf<"procedure">, over: ProcedureEnd): StepOutcome {
  const { procedure: _ended, ...run } = walk.run;
  walk.run = run;
  switch (over.kind) {
    case "untaken":
      return keep(walk, step, { id: "", outcome: NONE, fields: over.fields }) ?? next;
    case "outcome":
      return keep(walk, step, { id: over.procedure, outcome: over.outcome, fields: over.fields }) ?? ended(walk, over);
    case "workflow":
      return (
        keep(walk, step, { id: over.procedure, outcome: "workflow", fields: over.fields }) ?? into(walk, over.workflow)
      );
    case "handoff":
      return handedOff(walk, over);
  }
}

interface Kept {
  id: string;
  outcome: string;
  fields: Readonly<Record<string, unknown>>;
}

/** Keeps what came of it. Returns the failure, or null. */
function keep(walk: Walk, step: StepOf<"procedure">, kept: Kept): StepOutcome | null {
  const fault = save(walk, "procedure", kept) ?? (step.save === null ? null : save(walk, step.save, kept.fields));
  return fault === null ? null : failedStep(fault);
}

/** Background workflows may follow up on it. */
function ended(walk: Walk, { procedure, outcome }: Extract<ProcedureEnd, { kind: "outcome" }>): StepOutcome {
  walk.effects.push({ kind: "occasion", on: "procedure.ended", payload: { procedure, outcome } });
  return next;
}

function into(walk: Walk, id: string): StepOutcome {
  const workflow = walk.find(id);
  if (workflow === null) return failedStep(`There is no workflow “${id}” in this release.`);
  journalLine(walk, "step.workflow", `Went into the workflow “${workflow.title}”`);
  return { kind: "workflow", workflow };
}

/** `to` is a queue or a workflow. */
function handedOff(walk: Walk, over: Extract<ProcedureEnd, { kind: "handoff" }>): StepOutcome {
  if (over.to !== "" && walk.find(over.to) !== null) return into(walk, over.to);
  const title = walk.catalog.procedures.find(({ id }) => id === over.procedure)?.title;
  const because = over.because === "" ? [] : [over.because];
  const summary = [
    ...(title === undefined ? [] : [title]),
    ...because,
    ...(over.summary === "" ? [] : [over.summary]),
  ].join(". ");
  walk.effects.push({
    kind: "handoff",
    queue: over.to === "" ? null : over.to,
    priority: "normal",
    say: null,
    summary,
    escalation: over.reason,
    known: { ...walk.values, ...over.fields },
  });
  return end;
}
