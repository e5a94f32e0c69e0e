import { didYouMean } from "../../language/suggest.ts";
import { readName } from "../../language/yaml-entry.ts";
import type { StepOf } from "../definition.ts";
import { givenMap, templatesIn } from "../given.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";
import { readGivenMap } from "../parse-given.ts";
import { none, noQuestions, type StepDefinition, waitsFirst } from "../step-definition.ts";
import { built, type StepEntry } from "../step-entry.ts";
import { failedStep, journalLine, type StepOutcome, saveAll, type Walk, written } from "../walk.ts";

type WorkflowStep = StepOf<"workflow">;

/** Our own limit for nested calls; deeper ones are treated as a circle. */
const MAX_FRAMES = 10;

/** `workflow:` calls another workflow and comes back. Both see the same values. */
export const workflowStep: StepDefinition<"workflow"> = {
  keys: ["with"],
  parse,
  children: none,
  texts: none,
  readers: (step) => Object.values(step.with).flatMap(templatesIn),
  settings: none,
  questions: noQuestions,
  // The called workflow may wait.
  flow: waitsFirst,
  lint: lintCalled,
  run,
};

function parse({ value, fields, base }: StepEntry): WorkflowStep | null {
  return built(readName(value, "a workflow's id"), (id) => ({
    ...base,
    kind: "workflow",
    workflow: id,
    with: readGivenMap(fields.get("with")),
  }));
}

/** W104: the workflow exists. */
function lintCalled(subject: Subject, step: WorkflowStep): void {
  const ids = subject.world.workflows.map(({ id }) => id);
  if (ids.includes(step.workflow)) return;
  const at = placeOf(subject, step, ["workflow"]);
  find(subject, at, "W104", `there is no workflow "${step.workflow}"${didYouMean(step.workflow, ids)}`);
}

function run(walk: Walk, step: WorkflowStep): StepOutcome {
  const workflow = walk.find(step.workflow);
  if (workflow === null) return failedStep(`There is no workflow “${step.workflow}” in this release.`);
  if (walk.frames.length >= MAX_FRAMES) return failedStep(`Workflows called one another more than ${MAX_FRAMES} deep.`);
  const fault = saveAll(
    walk,
    givenMap(step.with, (template) => written(walk, template)),
  );
  if (fault !== null) return failedStep(fault);
  journalLine(walk, "step.workflow", `Went into the workflow “${workflow.title}”`);
  return { kind: "workflow", workflow };
}
